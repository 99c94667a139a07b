import type { CatalogNode } from './catalog-api';

/** Who depends on whom, both ways. Parents that are not among the nodes are left out. */
export interface Relations {
  nodes: ReadonlyMap<string, CatalogNode>;
  children: ReadonlyMap<string, readonly string[]>;
}

export function relationsOf(nodes: readonly CatalogNode[]): Relations {
  const byId = new Map(nodes.map((node) => [node.uniqueId, node]));
  const children = new Map<string, string[]>();
  for (const { uniqueId, parentIds } of nodes) {
    for (const parent of parentIds) {
      if (!byId.has(parent)) continue;
      const list = children.get(parent);
      if (list === undefined) children.set(parent, [uniqueId]);
      else list.push(uniqueId);
    }
  }
  return { nodes: byId, children };
}

function walk(start: string, depth: number, next: (id: string) => readonly string[]): string[] {
  const seen = new Set([start]);
  let edge = [start];
  for (let far = 0; far < depth && edge.length > 0; far += 1) {
    const beyond: string[] = [];
    for (const id of edge) {
      for (const other of next(id)) {
        if (seen.has(other)) continue;
        seen.add(other);
        beyond.push(other);
      }
    }
    edge = beyond;
  }
  seen.delete(start);
  return [...seen];
}

/** What a node depends on, up to `depth` steps away; the nearest first. */
export function upstream({ nodes }: Relations, id: string, depth = Infinity): string[] {
  return walk(id, depth, (one) => (nodes.get(one)?.parentIds ?? []).filter((up) => nodes.has(up)));
}

/** What depends on a node. */
export function downstream({ children }: Relations, id: string, depth = Infinity): string[] {
  return walk(id, depth, (one) => children.get(one) ?? []);
}

/** A node with what is around it, to both sides. */
export function around(relations: Relations, id: string, depth: number): Set<string> {
  return new Set([id, ...upstream(relations, id, depth), ...downstream(relations, id, depth)]);
}
