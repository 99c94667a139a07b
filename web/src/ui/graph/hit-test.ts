import type { Layout } from './types';

const cell = 256;

/** Finds the node at a point without looking at all of them: each square of the plane knows who stands in it. */
export class HitTest {
  private readonly cells = new Map<string, string[]>();

  constructor(private readonly layout: Layout) {
    for (const [id, box] of layout) {
      for (let cx = Math.floor(box.x / cell); cx * cell <= box.x + box.width; cx++) {
        for (let cy = Math.floor(box.y / cell); cy * cell <= box.y + box.height; cy++) {
          const key = `${cx},${cy}`;
          const list = this.cells.get(key);
          if (list === undefined) this.cells.set(key, [id]);
          else list.push(id);
        }
      }
    }
  }

  /** `slack` widens every node, for one that is drawn only a few pixels large. */
  at(x: number, y: number, slack = 0): string | null {
    let best: string | null = null;
    let distance = Infinity;
    for (let cx = Math.floor((x - slack) / cell); cx * cell <= x + slack; cx++) {
      for (let cy = Math.floor((y - slack) / cell); cy * cell <= y + slack; cy++) {
        for (const id of this.cells.get(`${cx},${cy}`) ?? []) {
          const away = this.away(id, x, y);
          if (away <= slack && away < distance) [best, distance] = [id, away];
        }
      }
    }
    return best;
  }

  private away(id: string, x: number, y: number): number {
    const box = this.layout.get(id);
    if (box === undefined) return Infinity;
    const dx = Math.max(box.x - x, 0, x - box.x - box.width);
    const dy = Math.max(box.y - y, 0, y - box.y - box.height);
    return Math.max(dx, dy);
  }
}
