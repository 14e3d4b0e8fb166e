echo "before:"
zscaler-enroll status || true
zscaler-enroll re-enroll
echo "after:"
zscaler-enroll status
echo "With a portal in the deployment's settings, its function now removes the App Connector shown first from ZPA."
echo "Without one, delete it there by hand."
