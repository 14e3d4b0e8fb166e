import { TerraformResource } from "cdktf";
import { Steering } from "../../../modules/steering";
import { synthesizePlain } from "../../stacks/synthesize";

test("the tables of a stack of cdktf's own lead to the interface given, once its instance is there", () => {
  const stack = synthesizePlain((scope) => {
    const after = new TerraformResource(scope, "connector", { terraformResourceType: "aws_instance" });
    const { routes } = new Steering(scope, "steering", {
      tables: { a_workload: { routeTableId: "rtb-0", networkInterfaceId: "eni-0", after } },
    });
    expect(Object.keys(routes)).toEqual(["a_workload"]);
  });
  expect(Object.values(stack.ofType("aws_route"))).toEqual([
    { route_table_id: "rtb-0", destination_cidr_block: "0.0.0.0/0", network_interface_id: "eni-0", depends_on: ["aws_instance.connector"] },
  ]);
});
