/** The account in which Curfew runs. */
export const hub = "666666666666";

export const stateMachineArn = `arn:aws:states:us-east-1:${hub}:stateMachine:curfew-sandbox`;

/** What the names of Curfew's functions begin with. */
export const prefix = "curfew-sandbox-";
