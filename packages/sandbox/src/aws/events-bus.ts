/** An event on the default bus of EventBridge. */
export interface BusEvent {
  source: string;
  "detail-type": string;
  account: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}

/** Where services put their events; EventBridge's rules match them and invoke targets. */
export interface EventBus {
  publish(event: BusEvent): void;
}
