// Stands where Lambda's runtime does: takes events from standard input, one a line, and calls the function with each.
const { createInterface } = require("node:readline");
const { join } = require("node:path");

const [, , folder, mark] = process.argv;
const { handler } = require(join(folder, "index.js"));

const told = ({ name, message }) => ({ error: { name, message } });

createInterface({ input: process.stdin })
  .on("line", async (line) => {
    const { id, event, deadline } = JSON.parse(line);
    const context = {
      awsRequestId: id,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      getRemainingTimeInMillis: () => deadline - Date.now(),
    };
    const outcome = await Promise.resolve()
      .then(() => handler(event, context))
      .then((result) => ({ result }), told);
    process.stdout.write(`${mark}${JSON.stringify({ id, outcome })}\n`);
  })
  // Whoever started this process holds the other end, and the system closes that when it dies.
  .on("close", () => process.exit());
