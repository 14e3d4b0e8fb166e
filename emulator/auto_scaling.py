"""Closes gaps between moto's Auto Scaling and AWS: one function a gap, each says what moto does. `apply` closes them all."""

from __future__ import annotations

import json
from typing import Any

from botocore import xform_name
from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import (
    ASG_NAME_TAG,
    Activity,
    AutoScalingBackend,
    FakeAutoScalingGroup,
    InstanceState,
    LifecycleHook,
    TerminateInstanceActivity,
)
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow

from around import around

IN_SERVICE = "InService"
WAITING = "Terminating:Wait"
ENDING = "autoscaling:EC2_INSTANCE_TERMINATING"


def settings_of_groups() -> None:
    """A group forgets some settings, keeps others only from its creation, and takes 300 for a zero."""
    kept = (
        "DefaultCooldown",
        "DefaultInstanceWarmup",
        "HealthCheckGracePeriod",
        "InstanceMaintenancePolicy",
        "MaxInstanceLifetime",
        "TerminationPolicies",
    )

    def keep(former: Any, response: AutoScalingResponse) -> Any:
        result = former(response)
        given = response._get_params()
        group = response.autoscaling_backend.autoscaling_groups[given["AutoScalingGroupName"]]
        for name in kept:
            if name in given:
                # -1 takes a setting away.
                removed = given[name] == -1 or name == "InstanceMaintenancePolicy" and -1 in given[name].values()
                setattr(group, xform_name(name), None if removed else given[name])
        return result

    around(AutoScalingResponse, "create_auto_scaling_group")(keep)
    around(AutoScalingResponse, "update_auto_scaling_group")(keep)


def what_ends_with_groups() -> None:
    """Hooks and policies outlive their group, and are those of the next one with its name."""

    @around(AutoScalingBackend, "delete_auto_scaling_group")
    def delete(former: Any, backend: Any, group_name: str) -> None:
        former(backend, group_name)
        for parts in (backend.lifecycle_hooks, backend.policies):
            for key in [key for key, part in parts.items() if part.auto_scaling_group_name == group_name]:
                del parts[key]
        notifications_of(backend).pop(group_name, None)


def hooks() -> None:
    """A hook shows a queue and a role that nobody gave, an update resets what it does not name, and CreateAutoScalingGroup drops hooks."""

    @around(LifecycleHook, "__init__")
    def make(former: Any, hook: LifecycleHook, *arguments: Any, **named: Any) -> None:
        former(hook, *arguments, **named)
        hook.role_arn = hook.notification_target_arn = None

    def put(backend: Any, group: str, given: dict[str, Any]) -> None:
        name = given["LifecycleHookName"]
        hook = backend.lifecycle_hooks.get(f"{group}_{name}") or backend.create_lifecycle_hook(name, group, None, None, None)
        for key in ("LifecycleTransition", "DefaultResult", "HeartbeatTimeout", "NotificationMetadata", "NotificationTargetARN", "RoleARN"):
            if key in given:
                setattr(hook, xform_name(key), given[key])

    def put_lifecycle_hook(response: AutoScalingResponse) -> ActionResult:
        given = response._get_params()
        put(response.autoscaling_backend, given["AutoScalingGroupName"], given)
        return EmptyResult()

    setattr(AutoScalingResponse, "put_lifecycle_hook", put_lifecycle_hook)

    @around(AutoScalingResponse, "create_auto_scaling_group")
    def create(former: Any, response: AutoScalingResponse) -> Any:
        result = former(response)
        given = response._get_params()
        for hook in given.get("LifecycleHookSpecificationList", []):
            put(response.autoscaling_backend, given["AutoScalingGroupName"], hook)
        return result


def policies() -> None:
    """Groups share the names of their policies, each shows an empty predictive configuration, and none says whether it is enabled."""

    def key_of(response: AutoScalingResponse) -> tuple[str, str]:
        given = response._get_params()
        group, name = given.get("AutoScalingGroupName"), given["PolicyName"]
        found = response.autoscaling_backend.describe_policies(group, [name])
        return (found[0].auto_scaling_group_name if found else "", name)

    @around(AutoScalingResponse, "put_scaling_policy")
    def put(former: Any, response: AutoScalingResponse) -> Any:
        given = response._get_params()
        result = former(response)
        policies = response.autoscaling_backend.policies
        policy = policies.pop(given["PolicyName"])
        policy.enabled = given.get("Enabled", True)
        policy.predictive_scaling_configuration = given.get("PredictiveScalingConfiguration")
        policies[(given["AutoScalingGroupName"], given["PolicyName"])] = policy
        return result

    def delete_policy(response: AutoScalingResponse) -> ActionResult:
        response.autoscaling_backend.policies.pop(key_of(response), None)
        return EmptyResult()

    def execute_policy(response: AutoScalingResponse) -> ActionResult:
        response.autoscaling_backend.policies[key_of(response)].execute()
        return EmptyResult()

    setattr(AutoScalingResponse, "delete_policy", delete_policy)
    setattr(AutoScalingResponse, "execute_policy", execute_policy)


def metrics_of_groups() -> None:
    """EnableMetricsCollection forgets what was enabled before, and DisableMetricsCollection is missing."""

    @around(FakeAutoScalingGroup, "enable_metrics_collection")
    def enable(former: Any, group: FakeAutoScalingGroup, metrics: list[str]) -> None:
        former(group, list(dict.fromkeys([*group.metrics, *(metrics or [])])))

    def disable_metrics_collection(response: AutoScalingResponse) -> ActionResult:
        given = response._get_params()
        group = response.autoscaling_backend.autoscaling_groups[given["AutoScalingGroupName"]]
        disabled = given.get("Metrics") or group.metrics
        group.metrics = [metric for metric in group.metrics if metric not in disabled]
        return EmptyResult()

    setattr(AutoScalingResponse, "disable_metrics_collection", disable_metrics_collection)


def notifications_of(backend: Any) -> dict[str, dict[str, list[str]]]:
    """By group and topic, the kinds of events that the topic is told of."""
    return backend.__dict__.setdefault("notifications", {})


def notifications() -> None:
    """PutNotificationConfiguration, DescribeNotificationConfigurations and DeleteNotificationConfiguration are missing."""

    def put_notification_configuration(response: AutoScalingResponse) -> ActionResult:
        given = response._get_params()
        topics = notifications_of(response.autoscaling_backend).setdefault(given["AutoScalingGroupName"], {})
        topics[given["TopicARN"]] = given["NotificationTypes"]
        return EmptyResult()

    def describe_notification_configurations(response: AutoScalingResponse) -> ActionResult:
        groups = response._get_params().get("AutoScalingGroupNames")
        found = [
            {"AutoScalingGroupName": group, "TopicARN": topic, "NotificationType": kind}
            for group, topics in notifications_of(response.autoscaling_backend).items()
            if not groups or group in groups
            for topic, kinds in topics.items()
            for kind in kinds
        ]
        return ActionResult({"NotificationConfigurations": found})

    def delete_notification_configuration(response: AutoScalingResponse) -> ActionResult:
        given = response._get_params()
        notifications_of(response.autoscaling_backend).get(given["AutoScalingGroupName"], {}).pop(given["TopicARN"], None)
        return EmptyResult()

    for action in (put_notification_configuration, describe_notification_configurations, delete_notification_configuration):
        setattr(AutoScalingResponse, action.__name__, action)


def activities_of(group: FakeAutoScalingGroup) -> list[Activity]:
    """A group's activities, the newest last."""
    return group.__dict__.setdefault("activities", [])


def launches() -> None:
    """
    A group launches all its instances into its first subnet, from its template's default version and without the template's interfaces.
    In AWS they are spread over the subnets, and are of the version that the group names.
    """

    @around(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
    def launch(former: Any, group: FakeAutoScalingGroup, count_needed: int, propagated_tags: dict[str, str]) -> None:
        template = group.ec2_launch_template
        if template is None or not group.vpc_zone_identifier:
            former(group, count_needed, propagated_tags)
            return
        version = template.get_version(group.launch_template_version)
        for _ in range(count_needed):
            used = [state.instance.subnet_id for state in group.instance_states]
            subnet = min(group.vpc_zone_identifier.split(","), key=used.count)
            interfaces = [{**interface, "SubnetId": subnet} for interface in version.data.get("NetworkInterfaces", [])]
            # Left to the template, each disk would come beside a default one of the same device, which then is nobody's.
            disks = version.data.get("BlockDeviceMappings")
            reservation = group.ec2_backend.run_instances(
                group.image_id,
                1,
                group.user_data,
                group.security_groups,
                instance_type=group.instance_type,
                is_instance_type_default=False,
                launch_template={"LaunchTemplateId": template.id, "Version": version.number},
                nics=interfaces,
                subnet_id=subnet,
                **({"block_device_mappings": disks} if disks else {}),
                tags={"instance": {**propagated_tags, **group.instance_tags, ASG_NAME_TAG: group.name}},
            )
            (instance,) = reservation.instances
            instance.autoscaling_group = group
            instance.launch_template_version = version.number
            group.instance_states.append(
                InstanceState(instance, protected_from_scale_in=group.new_instances_protected_from_scale_in)
            )
            activities_of(group).append(
                Activity(f"Launching a new EC2 instance: {instance.id}", "the desired capacity", group, status_code="Successful")
            )

    former = InstanceState.launch_template.fget

    def launch_template(state: InstanceState) -> dict[str, Any] | None:
        shown = former(state)
        return shown and {**shown, "Version": getattr(state.instance, "launch_template_version", shown["Version"])}

    setattr(InstanceState, "launch_template", property(launch_template))


def targets_of_groups() -> None:
    """Instances that leave a group, or end in it, stay registered with its target groups."""

    def update(backend: Any, group_name: str) -> None:
        group = backend.autoscaling_groups[group_name]
        in_service = {state.instance.id for state in group.active_instances()}
        for arn in group.target_group_arns:
            target_group = backend.elbv2_backend.target_groups[arn]
            backend.elbv2_backend.register_targets(arn, [{"Id": id, "Port": target_group.port} for id in in_service])
            for id in set(target_group.targets) - in_service:
                if getattr(backend.ec2_backend.get_instance_by_id(id), "autoscaling_group", None) is group:
                    target_group.deregister([{"Id": id}])

    setattr(AutoScalingBackend, "update_attached_target_groups", update)


def unknown_instances() -> None:
    """Calls about an instance that is in no group fail in moto itself."""

    def check(former: Any, backend: Any, instance_id: str, *more: Any, **named: Any) -> Any:
        if not backend.describe_auto_scaling_instances([instance_id]):
            raise ValidationError(f"Instance Id not found - No managed instance found for instance ID: {instance_id}")
        return former(backend, instance_id, *more, **named)

    around(AutoScalingBackend, "set_instance_health")(check)
    around(AutoScalingBackend, "terminate_instance")(check)


def waits_at_the_end() -> None:
    """
    Hooks never fire. With these, an instance that TerminateInstanceInAutoScalingGroup ends is in Terminating:Wait, out of its target
    groups, until each hook at its end is completed. An instance that ends by the group's size waits for nothing, since nobody runs the
    functions that would complete it. Hooks at a launch fire never.
    """

    @around(AutoScalingBackend, "terminate_instance")
    def terminate(former: Any, backend: Any, instance_id: str, should_decrement: bool) -> Activity:
        (state,) = backend.describe_auto_scaling_instances([instance_id])
        group = state.auto_scaling_group
        ending = [hook.name for hook in backend.describe_lifecycle_hooks(group.name) if hook.lifecycle_transition == ENDING]
        if state.lifecycle_state == WAITING:
            return state.end
        if not ending:
            activity = former(backend, instance_id, should_decrement)
            activity.status_code = "Successful"
        else:
            capacity = group.desired_capacity
            state.lifecycle_state, state.hooks, state.calls = WAITING, ending, []
            group.desired_capacity -= 1 if should_decrement else 0
            activity = state.end = TerminateInstanceActivity(state.instance, capacity)
            activity.status_code, activity.end_time = "MidLifecycleAction", None
            group.set_desired_capacity(group.desired_capacity)
        activities_of(group).append(activity)
        return activity

    def end(group: FakeAutoScalingGroup, state: InstanceState) -> None:
        group.instance_states = [other for other in group.instance_states if other is not state]
        group.ec2_backend.terminate_instances([state.instance.id])
        state.end.status_code, state.end.end_time = "Successful", utcnow()

    @around(FakeAutoScalingGroup, "set_desired_capacity")
    def resize(former: Any, group: FakeAutoScalingGroup, new_capacity: int | None) -> None:
        waiting = [state for state in group.instance_states if state.lifecycle_state == WAITING]
        group.instance_states = [state for state in group.instance_states if state.lifecycle_state != WAITING]
        former(group, new_capacity)
        group.instance_states += waiting
        if group.desired_capacity == 0:
            for state in waiting:
                end(group, state)

    def waiting_instance(response: AutoScalingResponse) -> tuple[InstanceState, dict[str, Any]]:
        given = response._get_params()
        id = given.get("InstanceId")
        for state in response.autoscaling_backend.describe_auto_scaling_instances([id] if id else []):
            if (
                state.lifecycle_state == WAITING
                and state.auto_scaling_group_name == given["AutoScalingGroupName"]
                and given["LifecycleHookName"] in state.hooks
                and (id or given.get("LifecycleActionToken") == state.end.activity_id)
            ):
                state.calls.append({"call": response._get_action(), **given})
                state.end.details = json.dumps({"calls": state.calls})
                return state, given
        raise ValidationError(f"No active Lifecycle Action found with instance ID {id}")

    def complete_lifecycle_action(response: AutoScalingResponse) -> ActionResult:
        state, given = waiting_instance(response)
        # At an instance's end ABANDON ends the other waits too.
        done = [given["LifecycleHookName"]] if given["LifecycleActionResult"] == "CONTINUE" else state.hooks
        state.hooks = [hook for hook in state.hooks if hook not in done]
        if not state.hooks:
            end(state.auto_scaling_group, state)
        return EmptyResult()

    def record_lifecycle_action_heartbeat(response: AutoScalingResponse) -> ActionResult:
        waiting_instance(response)
        return EmptyResult()

    setattr(AutoScalingResponse, "complete_lifecycle_action", complete_lifecycle_action)
    setattr(AutoScalingResponse, "record_lifecycle_action_heartbeat", record_lifecycle_action_heartbeat)


def activities() -> None:
    """DescribeScalingActivities answers nothing. Launches, and ends that were asked for, are shown, the newest first."""

    def describe_scaling_activities(response: AutoScalingResponse) -> ActionResult:
        given = response._get_params()
        groups = response.autoscaling_backend.autoscaling_groups.values()
        found = [
            activity
            for group in groups
            if given.get("AutoScalingGroupName", group.name) == group.name
            for activity in activities_of(group)
            if activity.activity_id in given.get("ActivityIds", [activity.activity_id])
        ]
        found.sort(key=lambda activity: activity.start_time)
        found.reverse()
        start = int(given.get("NextToken", 0))
        end = start + given.get("MaxRecords", 100)
        return ActionResult({"Activities": found[start:end], "NextToken": str(end) if end < len(found) else None})

    setattr(AutoScalingResponse, "describe_scaling_activities", describe_scaling_activities)


def apply() -> None:
    for patch in (
        settings_of_groups,
        what_ends_with_groups,
        hooks,
        policies,
        metrics_of_groups,
        notifications,
        launches,
        targets_of_groups,
        waits_at_the_end,
        unknown_instances,
        activities,
    ):
        patch()
