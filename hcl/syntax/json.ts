/** A value of Terraform's JSON syntax. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

export const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !isList(value);

/** What HCL cannot express, or this writer does not know how to: the message names where it stands. */
export class Inexpressible extends Error {}

/** The error for what cannot be written, which names where it stands: `aws_instance.a.user_data`. */
export const inexpressible = (place: string, problem: string): Error => new Inexpressible(`${place}: ${problem}`);
