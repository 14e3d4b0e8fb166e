type Present<Data> = {
  [Key in keyof Data as undefined extends Data[Key] ? never : Key]: Data[Key];
} & {
  [Key in keyof Data as undefined extends Data[Key] ? Key : never]?: Exclude<Data[Key], undefined>;
};

/** The entries that have a value: an optional prop of cdktf's may be absent, but not undefined. */
export const present = <Data extends object>(data: Data): Present<Data> =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as Present<Data>;
