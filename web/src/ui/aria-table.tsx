import type { ComponentPropsWithRef } from 'react';

/**
 * A table by roles, for rows that are positioned by hand (virtual lists), which the elements of a table
 * cannot be. Rows take no focus themselves: each has one link or button that does, and covers the row.
 */
type DivProps = ComponentPropsWithRef<'div'>;
type SpanProps = ComponentPropsWithRef<'span'>;

/** `label` names it; `rowCount` counts all rows with the heading, drawn or not, loaded or not. */
export function AriaTable({
  label,
  rowCount,
  ...rest
}: DivProps & { label: string; rowCount: number }) {
  return <div role="table" aria-label={label} aria-rowcount={rowCount} {...rest} />;
}

export function AriaRowGroup(props: DivProps) {
  return <div role="rowgroup" {...props} />;
}

/** `place` is 0 for the heading. */
export function AriaRow({ place, ...rest }: DivProps & { place: number }) {
  return <div role="row" aria-rowindex={place + 1} {...rest} />;
}

export function AriaColumnHeader(props: SpanProps) {
  return <span role="columnheader" {...props} />;
}

export function AriaCell(props: SpanProps) {
  return <span role="cell" {...props} />;
}
