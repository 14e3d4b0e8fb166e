export { ZpaDns, type ZpaDnsProps } from "./zpa-dns";
