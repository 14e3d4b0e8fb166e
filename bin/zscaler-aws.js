#!/usr/bin/env node
require("ts-node").register({ cwd: `${__dirname}/..`, swc: true });
require("../cli/main");
