/** Something that the user, not this program, can put right: its message says what. */
export class CommandError extends Error {}
