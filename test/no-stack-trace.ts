/** What cdktf would be told of the place where a token was made. */
export const captureStackTrace = (): readonly string[] => [];
