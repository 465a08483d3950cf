import type { Server } from "node:http";

/** A server that only this machine can reach. */
export interface LoopbackServer {
  /** Listens on a port, or on a free one for 0, and answers which. Rejects when the port is taken. */
  listen(port: number): Promise<number>;
  /** Stops at once: connections that are open are cut off. */
  close(): Promise<void>;
}

/** Puts a server on the loopback interface. */
export const onLoopback = (server: Server): LoopbackServer => ({
  listen: (port) =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    }),
  close: () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
});
