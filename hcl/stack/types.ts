import { type TerraformElement } from "cdktf";
import { type TypeOf } from "../syntax/document";
import { isObject, type Json, type JsonObject } from "../syntax/json";

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Finds out the types of expressions that are an attribute of an element, by its address, or a variable. Of others it knows nothing. */
export function typesOf(elements: ReadonlyMap<string, TerraformElement>, variables: JsonObject): TypeOf {
  const known = new Map<string, ReturnType<TypeOf>>();
  return (expression) => {
    if (!known.has(expression)) known.set(expression, variableType(expression, variables) ?? attributeType(expression, elements));
    return known.get(expression);
  };
}

function variableType(expression: string, variables: JsonObject): ReturnType<TypeOf> {
  const variable: Json = variables[/^var\.([\w-]+)$/.exec(expression)?.[1] ?? ""] ?? null;
  const type = isObject(variable) ? variable["type"] : undefined;
  return type === "string" || type === "number" ? type : undefined;
}

/** A class has a getter for each attribute, which makes a token of the attribute's type. */
function attributeType(expression: string, elements: ReadonlyMap<string, TerraformElement>): ReturnType<TypeOf> {
  const [, address = "", attribute = ""] = /^((?:data\.)?\w+\.[\w-]+)\.(\w+)$/.exec(expression) ?? [];
  const element = elements.get(address) as Readonly<Record<string, unknown>> | undefined;
  const type = typeof element?.[camelCase(attribute)];
  return type === "string" || type === "number" ? type : undefined;
}
