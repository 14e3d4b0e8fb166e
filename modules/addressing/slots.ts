import { narrowestPrefix } from "./kinds";

/** What a subnet is for. */
export const tiers = ["public", "connector", "workload", "resolver", "management", "endpoint", "transit"] as const;
export type Tier = (typeof tiers)[number];

/** For how many zones space can be reserved. */
export const zoneSlotChoices = [1, 2, 4, 8, 16] as const;

/** The tiers that share the second half of a zone's block, in the order of their slots. Another order would move subnets that exist. */
const sharing: readonly Tier[] = ["public", "connector", "resolver", "management", "endpoint", "transit"];

/** All tiers; one that may borrow a slot comes after those that may own it. */
export const tiersByPrecedence: readonly Tier[] = ["workload", ...sharing];

/** A part of a range: `cidrsubnet(range, newBits, number)`. */
export interface Slot {
  readonly newBits: number;
  readonly number: number;
}

/** Whether two parts of one range have an address in common: the smaller part's number begins with the other's. */
export const slotsOverlap = (one: Slot, other: Slot): boolean => {
  const common = Math.min(one.newBits, other.newBits);
  return one.number >> (one.newBits - common) === other.number >> (other.newBits - common);
};

/**
 * Where the subnet of a tier lies in the zone at this position. It depends on nothing but the arguments, so no zone and no tier that
 * comes later moves it. Undefined where the space has no such part.
 *
 * The space is the first range of a VPC that is made, or a free block of a VPC that exists. It is divided into `zoneSlots` equal blocks,
 * one a zone. The first half of a block is the workload tier's. The second half is divided into eight slots: six tiers and two spare ones.
 * Where an eighth would be smaller than /28, the slots are /28 and only the first tiers own one; the others borrow theirs from the end of
 * the space, where the last zones would be: one slot a zone for the first such tier, then for the next.
 */
export const slotOf = (spacePrefix: number, zoneSlots: number, position: number, tier: Tier): Slot | undefined => {
  const half = spacePrefix + Math.log2(zoneSlots) + 1;
  if (position >= zoneSlots || half > narrowestPrefix) return undefined;
  if (tier === "workload") return { newBits: half - spacePrefix, number: 2 * position };

  const slot = Math.min(half + 3, narrowestPrefix);
  const newBits = slot - spacePrefix;
  const owners = 2 ** (slot - half);
  const order = sharing.indexOf(tier);
  if (order < owners) return { newBits, number: (2 * position + 1) * owners + order };

  const fromTheEnd = (order - owners) * zoneSlots + position;
  const number = 2 ** newBits - 1 - fromTheEnd;
  return number < 0 ? undefined : { newBits, number };
};
