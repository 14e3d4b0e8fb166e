"""Closes gaps between moto 5.2.1 and AWS: one function a gap, each says what moto does. `apply` closes them all."""

from __future__ import annotations

import inspect
import json
import traceback
from typing import Any

import auto_scaling
import metrics
from around import around
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.core import responses
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends, nat_gateways, vpcs
from moto.ec2.models.amis import Ami, AmiBackend
from moto.ec2.models.elastic_block_store import EBSBackend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.models.transit_gateway_route_tables import TransitGatewayRouteTableBackend
from moto.ec2.models.vpc_service_configuration import VPCServiceConfiguration
from moto.ec2.responses._base_response import EC2BaseResponse
from moto.ec2.responses.elastic_block_store import ElasticBlockStore
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.responses.subnets import Subnets
from moto.ec2.utils import parse_user_data
from moto.elbv2.models import ELBv2Backend
from moto.ram.exceptions import UnknownResourceException
from moto.ram.models import ResourceShare
from moto.ram.responses import ResourceAccessManagerResponse
from moto.ram.urls import url_paths as ram_paths
from moto.route53resolver.models import Route53ResolverBackend
from moto.route53resolver.responses import Route53ResolverResponse
from moto.sqs.models import Queue
from moto.ssm.responses import SimpleSystemManagerResponse
from moto.utilities.utils import get_partition
from werkzeug.exceptions import HTTPException

CONNECTOR_PRODUCT_CODE = "2l8tfysndbav4tv2nfjwak3cu"
CONNECTOR_PRODUCT_CODE_CHINA = "axnpwhsb4facossmbm1h9yad6"
APP_CONNECTOR_PRODUCT_CODE = "by1wc5269g0048ix2nqvr0362"
MARKETPLACE_ACCOUNT = "679593333241"
DEFAULT_VOLUME_GIB = 8


class EmulatorFailure(ServiceException):
    """moto takes the service of an error from its exception's module if that starts with `moto`: this one's must not."""


def failures() -> None:
    """A call that moto lacks or stumbles over answers 500, which clients repeat for up to an hour. Answer 501: no client repeats that."""

    @around(BaseResponse, "call_action")
    def call_action(former: Any, response: BaseResponse) -> Any:
        try:
            return former(response)
        except HTTPException:
            raise
        except Exception as failure:
            traceback.print_exc()
            code = "NotImplemented" if isinstance(failure, NotImplementedError) else "InternalFailure"
            _, headers, body = response.serialized(ActionResult(EmulatorFailure(code, f"the AWS emulator failed: {failure!r}")))
            return 501, headers, body


def compressed_calls() -> None:
    """A compressed call, such as PutMetricData with more than 10 KB, is unpacked twice, which fails."""
    unpack = responses.gzip_decompress
    responses.gzip_decompress = lambda body: unpack(body) if body.startswith(b"\x1f\x8b") else body


def connector_images() -> None:
    """
    DescribeImages knows no marketplace image and shows no product codes.
    Each region gets an image with the Cloud Connector's product code of its partition, and one with the App Connector's.
    """

    def image(backend: Any, image_id: str, name: str, product_code: str) -> Ami:
        return Ami(
            backend,
            image_id,
            name=f"{name}-{product_code}",
            description="Emulated",
            owner_id=MARKETPLACE_ACCOUNT,
            owner_alias="aws-marketplace",
            public=True,
            architecture="x86_64",
            virtualization_type="hvm",
            hypervisor="xen",
            root_device_type="ebs",
            root_device_name="/dev/sda1",
            product_codes={product_code},
        )

    @around(AmiBackend, "_load_amis")
    def load(former: Any, backend: Any) -> None:
        former(backend)
        cloud_connector = CONNECTOR_PRODUCT_CODE_CHINA if get_partition(backend.region_name) == "aws-cn" else CONNECTOR_PRODUCT_CODE
        backend.amis["ami-0c10ddc0nnec70000"] = image(backend, "ami-0c10ddc0nnec70000", "zs-cc-emulated", cloud_connector)
        backend.amis["ami-0a99c0nnec7000000"] = image(backend, "ami-0a99c0nnec7000000", "zpa-connector-emulated", APP_CONNECTOR_PRODUCT_CODE)

    EC2BaseResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER["Images.Image.ProductCodes"] = lambda codes: [
        {"ProductCodeId": code, "ProductCodeType": "marketplace"} for code in codes
    ]


def subnet_hostname_type() -> None:
    """ModifySubnetAttribute ignores PrivateDnsHostnameTypeOnLaunch, so that Terraform waits five minutes for it and fails."""

    @around(Subnets, "modify_subnet_attribute")
    def modify(former: Any, response: Subnets) -> Any:
        hostname_type = response._get_param("PrivateDnsHostnameTypeOnLaunch")
        if hostname_type is not None:
            subnet = response.ec2_backend.get_subnet(response._get_param("SubnetId"))
            subnet.private_dns_name_options_on_launch["HostnameType"] = hostname_type
        return former(response)


def volumes_without_size() -> None:
    """A root device without a size is a MissingParameter: AWS takes the image's size."""

    @around(InstanceResponse, "_parse_block_device_mapping")
    def parse(former: Any, response: InstanceResponse) -> Any:
        for mapping in response._get_param("BlockDeviceMappings", []):
            if "Ebs" in mapping and not mapping["Ebs"].get("SnapshotId"):
                mapping["Ebs"].setdefault("VolumeSize", DEFAULT_VOLUME_GIB)
        return former(response)

    @around(EBSBackend, "create_volume")
    def create(former: Any, backend: Any, size: int | None, zone_name: str, snapshot_id: str | None = None, **named: Any) -> Any:
        return former(backend, size or (None if snapshot_id else DEFAULT_VOLUME_GIB), zone_name, snapshot_id, **named)


def default_volume_key() -> None:
    """GetEbsDefaultKmsKeyId is missing: AWS answers `alias/aws/ebs` until another key is chosen."""

    @around(EBSBackend, "modify_ebs_default_kms_key_id")
    def modify(former: Any, backend: Any, kms_key_id: str) -> str:
        backend.chosen_volume_key = former(backend, kms_key_id)
        return backend.chosen_volume_key

    def get_ebs_default_kms_key_id(response: ElasticBlockStore) -> ActionResult:
        return ActionResult({"KmsKeyId": getattr(response.ec2_backend, "chosen_volume_key", "alias/aws/ebs")})

    setattr(ElasticBlockStore, "get_ebs_default_kms_key_id", get_ebs_default_kms_key_id)


def interfaces_of_terminated_instances() -> None:
    """TerminateInstances keeps the interfaces that the launch made, and leaves others attached, so that they can never be deleted."""

    @around(Instance, "prep_nics")
    def prepare(former: Any, instance: Instance, nic_spec: list[dict[str, Any]], *arguments: Any, **named: Any) -> None:
        specifications = nic_spec or [{"DeviceIndex": 0}]
        former(instance, [{"DeleteOnTermination": True, **specification} for specification in specifications], *arguments, **named)

    @around(Instance, "terminate")
    def terminate(former: Any, instance: Instance) -> Any:
        previous_state = former(instance)
        for interface in instance.nics.values():
            if not interface.delete_on_termination:
                interface.instance = interface.attachment_id = interface.attach_time = None
                interface.status = "available"
        return previous_state


def zone_of_instances() -> None:
    """An instance launched with existing interfaces is put into the region's first zone: AWS puts it where its interfaces are."""

    @around(Instance, "prep_nics")
    def prepare(former: Any, instance: Instance, *arguments: Any, **named: Any) -> None:
        former(instance, *arguments, **named)
        if 0 in instance.nics:
            instance._placement.zone = instance.nics[0].availability_zone


def hostnames_of_instances() -> None:
    """RunInstances and DescribeInstances ignore PrivateDnsNameOptions, which by default are those of the subnet."""

    @around(InstanceResponse, "run_instances")
    def run(former: Any, response: InstanceResponse) -> Any:
        result = former(response)
        for instance in result.result.instances:
            subnet = response.ec2_backend.get_subnet(instance.subnet_id)
            own = response._get_param("PrivateDnsNameOptions", {})
            instance.private_dns_name_options = {**subnet.private_dns_name_options_on_launch, **own}
        return result


def public_addresses_of_instances() -> None:
    """An interface without a public address shows an empty association, which Terraform takes for one."""
    former = NetworkInterface.association.fget
    setattr(NetworkInterface, "association", property(lambda interface: former(interface) or None))


def groups_of_instances() -> None:
    """
    An instance has the groups of its launch, not those of its first interface, and adds them to those of every interface.
    In AWS groups belong to interfaces, an instance shows its first one's, and ModifyInstanceAttribute sets that one's.
    """

    def read(instance: Instance) -> list[Any]:
        first = getattr(instance, "nics", {}).get(0)
        return first._group_set if first else instance._launch_groups

    def write(instance: Instance, groups: list[Any]) -> None:
        instance._launch_groups = groups
        first = getattr(instance, "nics", {}).get(0)
        if first:
            first._group_set = groups

    setattr(Instance, "security_groups", property(read, write))
    setattr(NetworkInterface, "group_set", property(lambda interface: interface._group_set))


def descriptions_of_rules() -> None:
    """A security group rule whose peer is a group or a prefix list loses its description."""

    @around(SecurityGroupRule, "__init__")
    def make(former: Any, rule: SecurityGroupRule, *arguments: Any, **named: Any) -> None:
        former(rule, *arguments, **named)
        given = inspect.signature(former).bind(rule, *arguments, **named).arguments
        peers = [given.get(peer) or {} for peer in ("source_group", "prefix_list_id")]
        rule.peer_description = next((peer["Description"] for peer in peers if "Description" in peer), None)

    def description(rule: SecurityGroupRule) -> str | None:
        return rule.ip_range.get("Description", rule.peer_description)

    setattr(SecurityGroupRule, "description", property(description))


def interface_addresses() -> None:
    """
    An interface's address is drawn at random: two can share one, and it can be one that AWS reserves.
    Those of endpoints and NAT gateways are not even in their subnet.
    """
    vpcs.random_private_ip = nat_gateways.random_private_ip = lambda: ""

    @around(NetworkInterfaceBackend, "create_network_interface")
    def create(
        former: Any, backend: Any, subnet: Any, private_ip_address: Any, private_ip_addresses: Any = None, *more: Any, **named: Any
    ) -> Any:
        subnet = backend.get_subnet(subnet) if isinstance(subnet, str) else subnet
        if not private_ip_address and not private_ip_addresses:
            private_ip_address = subnet.get_available_subnet_ip(None)
        interface = former(backend, subnet, private_ip_address, private_ip_addresses, *more, **named)
        for address in interface.private_ip_addresses:
            subnet._subnet_ips.setdefault(address["PrivateIpAddress"], None)
        return interface

    @around(NetworkInterfaceBackend, "delete_network_interface")
    def delete(former: Any, backend: Any, eni_id: str) -> None:
        interface = backend.enis.get(eni_id)
        former(backend, eni_id)
        for address in interface.private_ip_addresses:
            interface.subnet.del_subnet_ip(address["PrivateIpAddress"])


def interfaces_of_nat_gateways() -> None:
    """DeleteNatGateway leaves the gateway's interface behind."""

    @around(NatGatewayBackend, "delete_nat_gateway")
    def delete(former: Any, backend: Any, nat_gateway_id: str) -> Any:
        gateway = former(backend, nat_gateway_id)
        backend.enis.pop(gateway._eni.id, None)
        return gateway


def gateway_endpoint_services() -> None:
    """The endpoint service of a Gateway Load Balancer says that its type is Gateway, which is that of S3's and DynamoDB's endpoints."""

    @around(VPCServiceConfiguration, "__init__")
    def make(former: Any, service: VPCServiceConfiguration, *arguments: Any, **named: Any) -> None:
        former(service, *arguments, **named)
        if service.gateway_load_balancer_arns:
            service._service_type_name = "GatewayLoadBalancer"


def endpoint_services() -> None:
    """DescribeVpcEndpointServices loads a dozen services for their special cases: seconds, and libraries that are not installed."""
    vpcs.IMPLEMENTED_ENDPOINT_SERVICES[:] = ["s3"]


def transit_gateway_disassociation() -> None:
    """Disassociating what is not associated is a KeyError, repeated for minutes."""

    @around(TransitGatewayRouteTableBackend, "disassociate_transit_gateway_route_table")
    def disassociate(former: Any, backend: Any, tgw_attach_id: str, tgw_rt_id: str) -> Any:
        if tgw_attach_id not in backend.transit_gateway_associations:
            raise EC2ClientError("InvalidAssociation.NotFound", f"{tgw_attach_id} is not associated with {tgw_rt_id}")
        return former(backend, tgw_attach_id, tgw_rt_id)


def resolver_association_names() -> None:
    """ListResolverRuleAssociations sorts by name and fails when there is none."""

    @around(Route53ResolverBackend, "associate_resolver_rule")
    def associate(former: Any, backend: Any, *arguments: Any, **named: Any) -> Any:
        association = former(backend, *arguments, **named)
        association.name = association.name or ""
        return association


def settings_of_functions() -> None:
    """A function forgets its dead-letter queue and where it logs."""

    def keep(function: LambdaFunction, given: dict[str, Any]) -> None:
        for name in ("DeadLetterConfig", "LoggingConfig"):
            if name in given:
                function.__dict__.setdefault("kept_settings", {})[name] = given[name]

    @around(LambdaFunction, "__init__")
    def make(former: Any, function: LambdaFunction, account_id: str, spec: dict[str, Any], *more: Any, **named: Any) -> None:
        former(function, account_id, spec, *more, **named)
        keep(function, spec)

    @around(LambdaFunction, "update_configuration")
    def update(former: Any, function: LambdaFunction, config_updates: dict[str, Any]) -> Any:
        keep(function, config_updates)
        return former(function, config_updates)

    @around(LambdaFunction, "get_configuration")
    def read(former: Any, function: LambdaFunction, *arguments: Any, **named: Any) -> Any:
        kept = getattr(function, "kept_settings", {})
        # An empty ARN takes the queue away.
        shown = {name: given for name, given in kept.items() if name != "DeadLetterConfig" or given.get("TargetArn")}
        return {**former(function, *arguments, **named), **shown}


def retries_of_functions() -> None:
    """PutFunctionEventInvokeConfig adds a configuration and shows the first: AWS has one, and replaces it."""

    @around(LambdaBackend, "put_function_event_invoke_config")
    def put(former: Any, backend: Any, function_name: str, config: dict[str, Any]) -> Any:
        backend.get_function(function_name).event_invoke_config.clear()
        return former(backend, function_name, config)


def processor_of_functions() -> None:
    """UpdateFunctionCode ignores Architectures."""

    @around(LambdaFunction, "update_function_code")
    def update(former: Any, function: LambdaFunction, updated_spec: dict[str, Any]) -> Any:
        function.architectures = updated_spec.get("Architectures", function.architectures)
        return former(function, updated_spec)


def resolver_rule_updates() -> None:
    """UpdateResolverRule is missing."""

    def update_resolver_rule(response: Route53ResolverResponse) -> str:
        rule = response.route53resolver_backend.get_resolver_rule(response._get_param("ResolverRuleId"))
        config = response._get_param("Config")
        rule.name = config.get("Name", rule.name)
        rule.resolver_endpoint_id = config.get("ResolverEndpointId", rule.resolver_endpoint_id)
        rule.target_ips = config.get("TargetIps", rule.target_ips)
        return json.dumps({"ResolverRule": rule.description()})

    setattr(Route53ResolverResponse, "update_resolver_rule", update_resolver_rule)


def agents() -> None:
    """DescribeInstanceInformation is missing. The agent of each instance that runs is online."""

    def describe_instance_information(response: SimpleSystemManagerResponse) -> ActionResult:
        wanted = [id for given in response._get_param("Filters", []) if given["Key"] == "InstanceIds" for id in given["Values"]]
        instances = ec2_backends[response.current_account][response.region].all_reservations()
        running = [instance.id for reservation in instances for instance in reservation.instances if instance.state == "running"]
        found = [{"InstanceId": id, "PingStatus": "Online", "ResourceType": "EC2Instance"} for id in running if not wanted or id in wanted]
        return ActionResult({"InstanceInformationList": found})

    setattr(SimpleSystemManagerResponse, "describe_instance_information", describe_instance_information)


def load_balancer_arn() -> None:
    """Every load balancer's ARN says `app`. Terraform decides by it what a listener has, and moto then refuses the listener."""
    kinds = {"gateway": "gwy", "network": "net"}

    @around(ELBv2Backend, "create_load_balancer")
    def create(former: Any, backend: Any, *arguments: Any, **named: Any) -> Any:
        balancer = former(backend, *arguments, **named)
        tags = backend.tagging_service.list_tags_for_resource(balancer.arn)["Tags"]
        backend.tagging_service.delete_all_tags_for_resource(balancer.arn)
        del backend.load_balancers[balancer.arn]
        balancer.arn = balancer.arn.replace("/app/", f"/{kinds.get(balancer.type, 'app')}/")
        backend.load_balancers[balancer.arn] = balancer
        backend.tagging_service.tag_resource(balancer.arn, tags)
        return balancer


def launch_templates() -> None:
    """
    A launch template shows its own tags among those for what it launches, and keeps those of its creation. What launches from its second
    version fails on the user data.
    """

    @around(LaunchTemplate, "create_version")
    def create(former: Any, template: LaunchTemplate, data: dict[str, Any], description: str) -> Any:
        specifications = [given for given in data.pop("TagSpecifications", []) if given["ResourceType"] != "launch-template"]
        data = {**data, **({"TagSpecifications": specifications} if specifications else {})}
        if isinstance(data.get("UserData"), str):
            data["UserData"] = parse_user_data(data["UserData"])
        return former(template, data, description)

    setattr(LaunchTemplate, "tags", property(LaunchTemplate.get_tags, lambda template, tags: None))


def attributes_of_queues() -> None:
    """A queue forgets RedriveAllowPolicy, and with any change its policy, and writes its RedrivePolicy in a form of its own."""
    as_given = ("Policy", "RedrivePolicy", "RedriveAllowPolicy")
    Queue.BASE_ATTRIBUTES.append("RedriveAllowPolicy")
    setattr(Queue, "redrive_allow_policy", None)

    @around(Queue, "_set_attributes")
    def change(former: Any, queue: Queue, attributes: dict[str, Any], *more: Any) -> None:
        policy = getattr(queue, "policy", None)
        former(queue, attributes, *more)
        queue.policy = attributes.get("Policy", policy)
        queue.documents = getattr(queue, "documents", {}) | {name: attributes[name] for name in as_given if name in attributes}

    read = Queue.attributes.fget

    def attributes(queue: Queue) -> dict[str, Any]:
        # An empty text takes a document away.
        return {**read(queue), **{name: queue.documents.get(name) or None for name in as_given}}

    setattr(Queue, "attributes", property(attributes))


def resource_shares() -> None:
    """A share of AWS RAM has no tags and is told of what it shares, and with whom, only when it is made."""

    def share_of(response: ResourceAccessManagerResponse) -> ResourceShare:
        arn = response._get_param("resourceShareArn")
        for share in response.ram_backend.resource_shares:
            if share.arn == arn:
                return share
        raise UnknownResourceException(f"ResourceShare {arn} could not be found.")

    def associations(response: ResourceAccessManagerResponse, kinds: dict[str, list[str]], status: str) -> str:
        share = share_of(response)
        found = [
            {"resourceShareArn": share.arn, "associatedEntity": entity, "associationType": kind, "status": status, "external": False}
            for kind, entities in kinds.items()
            for entity in entities
        ]
        return json.dumps({"resourceShareAssociations": found})

    def given_to(response: ResourceAccessManagerResponse) -> dict[str, list[str]]:
        return {"RESOURCE": response._get_param("resourceArns", []), "PRINCIPAL": response._get_param("principals", [])}

    def associate_resource_share(response: ResourceAccessManagerResponse) -> str:
        share, given = share_of(response), given_to(response)
        share.add_resources(given["RESOURCE"])
        share.add_principals(given["PRINCIPAL"])
        return associations(response, given, "ASSOCIATED")

    def disassociate_resource_share(response: ResourceAccessManagerResponse) -> str:
        share, given = share_of(response), given_to(response)
        share.resource_arns = [arn for arn in share.resource_arns if arn not in given["RESOURCE"]]
        share.principals = [principal for principal in share.principals if principal not in given["PRINCIPAL"]]
        return associations(response, given, "DISASSOCIATED")

    def list_resource_share_permissions(response: ResourceAccessManagerResponse) -> str:
        return json.dumps({"permissions": []})

    def tag_resource(response: ResourceAccessManagerResponse) -> str:
        share = share_of(response)
        share.tags = getattr(share, "tags", {}) | {tag["key"]: tag["value"] for tag in response._get_param("tags")}
        return "{}"

    def untag_resource(response: ResourceAccessManagerResponse) -> str:
        share = share_of(response)
        share.tags = {key: value for key, value in getattr(share, "tags", {}).items() if key not in response._get_param("tagKeys")}
        return "{}"

    for action in (associate_resource_share, disassociate_resource_share, list_resource_share_permissions, tag_resource, untag_resource):
        setattr(ResourceAccessManagerResponse, action.__name__, action)
        ram_paths[f"{{0}}/{action.__name__.replace('_', '')}$"] = ResourceAccessManagerResponse.dispatch

    @around(ResourceShare, "__init__")
    def make(former: Any, share: ResourceShare, *arguments: Any, **given: Any) -> None:
        former(share, *arguments, **given)
        share.tags = {tag["key"]: tag["value"] for tag in given.get("tags", [])}

    @around(ResourceShare, "describe")
    def describe(former: Any, share: ResourceShare) -> dict[str, Any]:
        return {**former(share), "tags": [{"key": key, "value": value} for key, value in share.tags.items()]}


def apply() -> None:
    for patch in (
        failures,
        compressed_calls,
        connector_images,
        subnet_hostname_type,
        volumes_without_size,
        default_volume_key,
        interfaces_of_terminated_instances,
        zone_of_instances,
        hostnames_of_instances,
        public_addresses_of_instances,
        groups_of_instances,
        descriptions_of_rules,
        interface_addresses,
        interfaces_of_nat_gateways,
        endpoint_services,
        gateway_endpoint_services,
        transit_gateway_disassociation,
        resolver_association_names,
        resolver_rule_updates,
        settings_of_functions,
        retries_of_functions,
        processor_of_functions,
        agents,
        load_balancer_arn,
        launch_templates,
        attributes_of_queues,
        resource_shares,
        auto_scaling.apply,
        metrics.apply,
    ):
        patch()
