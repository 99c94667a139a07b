import { type LayeredInput, layered } from './layered';

// A worker's own scope, which the DOM's types do not know.
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<LayeredInput>) => void) | null;
  postMessage(message: unknown): void;
};

scope.onmessage = ({ data }) => scope.postMessage(layered(data));
