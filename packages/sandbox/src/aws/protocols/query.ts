import { AwsError, type Service } from "../service.ts";
import { type HttpResponse, membersOf, type Protocol } from "./protocol.ts";
import { element } from "./xml.ts";

/** A node of the tree that dotted names such as `Tags.member.1.Key` spell out; no prototype, since the names come from outside. */
interface Branch {
  [part: string]: Branch | string;
}

const createBranch = (): Branch => Object.create(null);

const grow = (form: URLSearchParams): Branch => {
  const root = createBranch();
  for (const [name, value] of form) {
    const parts = name.split(".");
    const last = parts.pop() ?? "";
    let branch = root;
    for (const part of parts) {
      const next = branch[part];
      if (next === undefined || typeof next === "string") {
        const created = createBranch();
        branch[part] = created;
        branch = created;
      } else branch = next;
    }
    branch[last] = value;
  }
  return root;
};

const inOrder = (branch: Branch): (Branch | string)[] =>
  Object.entries(branch)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => item);

/** Lists arrive as `member.<n>`, maps as `entry.<n>.{Name,Value}` or `{key,value}`. */
const collapse = (node: Branch | string): unknown => {
  if (typeof node === "string") return node;
  const { member, entry } = node;
  if (typeof member === "object") return inOrder(member).map(collapse);
  if (typeof entry === "object") {
    const pairs = inOrder(entry).map((pair): [string, unknown] => {
      if (typeof pair === "string") return ["", pair];
      return [String(pair.Name ?? pair.key ?? ""), collapse(pair.Value ?? pair.value ?? "")];
    });
    return Object.fromEntries(pairs);
  }
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, collapse(item)]));
};

const respond = (
  service: Service,
  status: number,
  root: string,
  body: string,
  requestId: string,
): HttpResponse => ({
  status,
  headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
  body: `<${root} xmlns="${service.xmlNamespace ?? ""}">${body}</${root}>`,
});

/** awsQuery: a form in, XML out: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const queryProtocol: Protocol = {
  read: (_service, request) => {
    const form =
      request.method === "GET"
        ? request.query
        : new URLSearchParams(Buffer.from(request.body).toString("utf8"));
    const { Action: operation, Version: _version, ...input } = grow(form);
    if (typeof operation !== "string" || operation === "") {
      throw new AwsError("MissingAction", "The request must contain the parameter Action.");
    }
    const members = Object.entries(input).map(([key, node]) => [key, collapse(node)]);
    return { operation, input: Object.fromEntries(members) };
  },
  write: (service, operation, output, requestId) => {
    const result = element(`${operation}Result`, membersOf(output));
    const metadata = element("ResponseMetadata", { RequestId: requestId });
    return respond(service, 200, `${operation}Response`, result + metadata, requestId);
  },
  fail: (service, error, requestId) => {
    const Type = error.status < 500 ? "Sender" : "Receiver";
    const detail = element("Error", { Type, Code: error.code, Message: error.message });
    const body = detail + element("RequestId", requestId);
    return respond(service, error.status, "ErrorResponse", body, requestId);
  },
  refusals: {
    missing: { code: "MissingAuthenticationToken", status: 403 },
    unknown: { code: "InvalidClientTokenId", status: 403 },
    expired: { code: "ExpiredToken", status: 403 },
    region: { code: "SignatureDoesNotMatch", status: 403 },
  },
};
