// A workflow as GitHub's own parser reads it, with every expression as GitHub's own evaluator has it.
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";

const { name, content, contexts } = JSON.parse(process.argv[1]);

function known(value) {
  if (value === null || typeof value !== "object") return new data.StringData(String(value ?? ""));
  const made = new data.Dictionary();
  for (const [key, each] of Object.entries(value)) made.add(key, known(each));
  return made;
}

function evaluated(expression) {
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), []).parse();
  return new Evaluator(tree, known(contexts)).evaluate().coerceString();
}

function plain(token) {
  if (token.isExpression) return evaluated(token.expression);
  if (token.isScalar) return token.toString();
  const items = Array.from({ length: token.count }, (_, index) => token.get(index));
  if (token.constructor.name === "SequenceToken") return items.map(plain);
  return Object.fromEntries(items.map(({ key, value }) => [key.toString(), plain(value)]));
}

const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
const problems = context.errors.getErrors().map((error) => error.message);
const env = problems.length ? undefined : value.find("env");
contexts.env = env ? plain(env) : {};
console.log(JSON.stringify({ problems, workflow: problems.length ? null : plain(value) }));
