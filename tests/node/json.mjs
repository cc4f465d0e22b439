// @actions/workflow-parser is made for bundlers: it imports JSON without saying so, which Node by itself refuses.
import { registerHooks } from "node:module";

registerHooks({
  load(url, context, next) {
    const isJson = url.endsWith(".json") && context.importAttributes.type === undefined;
    return next(url, isJson ? { ...context, importAttributes: { type: "json" } } : context);
  },
});
