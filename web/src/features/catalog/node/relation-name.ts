import type { NodeDetail } from '../node-api';

/** `database.schema.name` of what a node is in the warehouse; null for what has no place there. */
export function relationName(node: NodeDetail): string | null {
  if (node.schema === undefined || node.resourceType === 'test') return null;
  const name = node.identifier ?? node.alias ?? node.name;
  return [node.database, node.schema, name].filter((part) => part).join('.');
}

/** An address of a project's own words: only what is a web page may become a link. */
export function webAddress(text: string | null | undefined): string | null {
  return text && /^https?:\/\//i.test(text) ? text : null;
}
