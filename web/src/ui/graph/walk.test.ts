import { describe, expect, it } from 'vitest';
import { HitTest } from './hit-test';
import { cleanEdges } from './use-layout';
import { neighboursOf, step } from './walk';

const box = (x: number, y: number) => ({ x, y, width: 100, height: 40 });
const layout = new Map([
  ['a', box(0, 0)],
  ['b', box(0, 60)],
  ['c', box(200, 50)],
  ['d', box(400, 0)],
]);
const neighbours = neighboursOf([
  { from: 'a', to: 'c' },
  { from: 'b', to: 'c' },
  { from: 'c', to: 'd' },
]);

describe('step', () => {
  it.each([
    ['ArrowRight', 'a', 'c'],
    ['ArrowLeft', 'c', 'b'],
    ['ArrowDown', 'a', 'b'],
    ['ArrowUp', 'b', 'a'],
    ['ArrowUp', 'a', null],
    ['ArrowRight', 'd', null],
    ['ArrowLeft', 'gone', null],
  ])('%s from %s is %s', (key, from, to) => {
    expect(step(key, from, layout, neighbours)).toBe(to);
  });
});

describe('HitTest', () => {
  const hits = new HitTest(new Map([...layout, ['wide', { ...box(1_000, 0), width: 900 }]]));

  it('finds the node at a point, across the squares of the plane', () => {
    expect(hits.at(50, 20)).toBe('a');
    expect(hits.at(50, 50)).toBeNull();
    expect(hits.at(1_850, 20)).toBe('wide');
  });

  it('takes the nearest where a node is too small to be met', () => {
    expect(hits.at(50, 48, 20)).toBe('a');
    expect(hits.at(50, 53, 20)).toBe('b');
  });
});

it('keeps each edge between nodes that are there, once', () => {
  const nodes = ['a', 'b'].map((id) => ({ id, label: id }));
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'a', to: 'b' },
    { from: 'a', to: 'a' },
    { from: 'a', to: 'gone' },
  ];
  expect(cleanEdges(nodes, edges)).toEqual([{ from: 'a', to: 'b' }]);
});
