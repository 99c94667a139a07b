import { ActionIcon, Tooltip } from '@mantine/core';
import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import { type KeyboardEvent, memo, type PointerEvent, useMemo, useRef, useState } from 'react';
import { stateTone } from '@/ui/states';
import { formatExecution } from '@/ui/time';
import css from './timeline-chart.module.css';
import { type Bar, type Span, spanOf, ticksOf, tickWord } from './timeline-model';

interface TimelineChartProps {
  bars: readonly Bar[];
  /** Ids of the nodes that decided when the run ended. */
  critical: readonly string[];
  selected: string | null;
  onSelect: (id: string) => void;
}

const mostZoom = 256;
const ticksAtOnce = 8;

function wordsOf(bar: Bar, critical: boolean, { from }: Span): string {
  const parts = [
    bar.name,
    bar.type,
    bar.word,
    formatExecution(bar.to - bar.from),
    `${tickWord(Math.round((bar.from - from) / 100) * 100)} after the first`,
    critical && 'critical path',
  ];
  return parts.filter(Boolean).join(' · ');
}

/** A lane per thread, time from left to right. One stop for Tab; arrow keys go from node to node in time. */
export function TimelineChart({ bars, critical, selected, onSelect }: TimelineChartProps) {
  const [zoom, setZoom] = useState(1);
  const [hovered, setHovered] = useState<Bar | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const span = useMemo(() => spanOf(bars), [bars]);
  const marked = useMemo(() => new Set(critical), [critical]);
  const lanes = bars.reduce((most, { lane }) => Math.max(most, lane + 1), 0);
  const zoomTo = (next: number) => {
    const box = scroller.current;
    const kept = Math.min(mostZoom, Math.max(1, next));
    setZoom(kept);
    if (box === null) return;
    // What is in the middle stays there.
    const middle = (box.scrollLeft + box.clientWidth / 2) / box.scrollWidth;
    requestAnimationFrame(() => {
      box.scrollLeft = middle * box.scrollWidth - box.clientWidth / 2;
    });
  };
  const barAt = (target: EventTarget) => {
    const place = (target as HTMLElement).closest<HTMLElement>('[data-bar]')?.dataset['bar'];
    return place === undefined ? undefined : bars[Number(place)];
  };
  const onPointerMove = (event: PointerEvent) => setHovered(barAt(event.target) ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    const place = bars.findIndex(({ id }) => id === barAt(event.target)?.id);
    const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: bars.length - 1 }[
      event.key
    ];
    if (to === undefined || place < 0) return;
    event.preventDefault();
    scroller.current?.querySelector<HTMLElement>(`[data-bar="${to}"]`)?.focus();
  };
  return (
    <div className={css.frame}>
      <div className={css.tools}>
        <Tool word="Zoom in" onClick={() => zoomTo(zoom * 2)} Icon={IconPlus} />
        <Tool word="Zoom out" onClick={() => zoomTo(zoom / 2)} Icon={IconMinus} />
        <Tool word="Show all" onClick={() => zoomTo(1)} Icon={IconMaximize} />
      </div>
      <Tooltip.Floating
        label={hovered ? wordsOf(hovered, marked.has(hovered.id), span) : ''}
        disabled={hovered === null}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields. */}
        <div
          ref={scroller}
          className={css.scroller}
          role="group"
          aria-label="Timeline of the nodes"
          onPointerMove={onPointerMove}
          onPointerLeave={() => setHovered(null)}
          onKeyDown={onKeyDown}
        >
          <div className={css.plane} style={{ width: `${zoom * 100}%` }}>
            <Axis span={span} zoom={zoom} />
            <Bars
              bars={bars}
              span={span}
              lanes={lanes}
              marked={marked}
              selected={selected}
              onSelect={onSelect}
            />
          </div>
        </div>
      </Tooltip.Floating>
    </div>
  );
}

interface ToolProps {
  word: string;
  onClick: () => void;
  Icon: typeof IconPlus;
}

function Tool({ word, onClick, Icon }: ToolProps) {
  return (
    <Tooltip label={word}>
      <ActionIcon variant="default" size={28} aria-label={word} onClick={onClick}>
        <Icon size={14} />
      </ActionIcon>
    </Tooltip>
  );
}

function Axis({ span, zoom }: { span: Span; zoom: number }) {
  const length = span.to - span.from;
  return (
    <div className={css.axis} aria-hidden="true">
      {ticksOf(span, ticksAtOnce * zoom).map((tick) => (
        <span key={tick} className={css.tick} style={{ left: `${(100 * tick) / length}%` }}>
          {tickWord(tick)}
        </span>
      ))}
    </div>
  );
}

interface BarsProps {
  bars: readonly Bar[];
  span: Span;
  lanes: number;
  marked: ReadonlySet<string>;
  selected: string | null;
  onSelect: (id: string) => void;
}

const lanePx = 28;

const Bars = memo(function Bars({ bars, span, lanes, marked, selected, onSelect }: BarsProps) {
  const length = span.to - span.from;
  const first = Math.max(
    0,
    bars.findIndex(({ id }) => id === selected),
  );
  return (
    <div className={css.lanes} style={{ height: lanes * lanePx }}>
      {bars.map((bar, place) => (
        <button
          // A node that two steps ran has two bars.
          key={`${bar.id} ${bar.from}`}
          type="button"
          className={css.bar}
          data-bar={place}
          data-tone={stateTone[bar.state]}
          data-critical={marked.has(bar.id) || undefined}
          aria-pressed={bar.id === selected}
          aria-label={wordsOf(bar, marked.has(bar.id), span)}
          tabIndex={place === first ? 0 : -1}
          style={{
            left: `${(100 * (bar.from - span.from)) / length}%`,
            width: `${(100 * (bar.to - bar.from)) / length}%`,
            top: bar.lane * lanePx,
          }}
          onClick={() => onSelect(bar.id)}
        >
          <bdi>{bar.name}</bdi>
        </button>
      ))}
    </div>
  );
});
