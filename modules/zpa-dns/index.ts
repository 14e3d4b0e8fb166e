export { RuleAssociations, type RuleAssociationsProps } from "./rule-associations";
export { ZpaDns, type ZpaDnsProps } from "./zpa-dns";
