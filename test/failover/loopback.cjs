// Loaded before a function that runs here instead of in its VPC: the VPC's addresses 10.x.x.x are those of this machine's loopback, 127.x.x.x.
const { Socket } = require("node:net");

const { connect } = Socket.prototype;

Socket.prototype.connect = function (...given) {
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (typeof options?.host === "string") options.host = options.host.replace(/^10\./, "127.");
  return connect.apply(this, given);
};
