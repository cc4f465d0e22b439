// action.yml as GitHub's own parser reads it; then, for each line that comes, the expressions in a part of it as
// GitHub's own evaluator has them.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { parseAction } from "@actions/workflow-parser/actions/index";
import { NoOperationTraceWriter } from "@actions/workflow-parser";

const [path] = process.argv.slice(1);

function plain(token) {
  if (token.isExpression) return { expression: token.expression };
  if (token.isScalar) return { text: token.toString() };
  const items = Array.from({ length: token.count }, (_, index) => token.get(index));
  if (Array.isArray(token.items) || token.constructor.name === "SequenceToken") return items.map(plain);
  return Object.fromEntries(items.map(({ key, value }) => [key.toString(), plain(value)]));
}

function known(value) {
  if (typeof value === "string") return new data.StringData(value);
  const made = new data.Dictionary();
  for (const [key, each] of Object.entries(value)) made.add(key, known(each));
  return made;
}

function evaluated(expression, contexts) {
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), []).parse();
  return new Evaluator(tree, known(contexts)).evaluate().coerceString();
}

function filled(part, contexts) {
  if (typeof part.expression === "string") return evaluated(part.expression, contexts);
  if (typeof part.text === "string") return part.text;
  return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, filled(each, contexts)]));
}

const file = { name: "action.yml", content: readFileSync(path, "utf8") };
const { context, value } = parseAction(file, new NoOperationTraceWriter());
const problems = context.errors.getErrors().map((error) => error.message);
console.log(JSON.stringify({ problems, root: value === undefined ? null : plain(value) }));

for await (const line of createInterface({ input: process.stdin })) {
  const { part, contexts } = JSON.parse(line);
  console.log(JSON.stringify(filled(part, contexts)));
}
