export { planAddresses, type AddressedSubnet, type AddressPlan, type PlanResult } from "./plan";
export { type Room } from "./placement";
export { addressCount, contains, formatRange, overlaps, parseRange, subRange, type AddressRange, type ParsedRange } from "./ranges";
export { type PlanFinding, type PlanRequest } from "./request";
export { tiers, zoneSlotChoices, type Slot, type Tier } from "./slots";
