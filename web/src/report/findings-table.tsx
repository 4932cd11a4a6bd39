/** The anomalous windows: filtered by severity, sorted by any column, a page at a time. */
import { useMemo, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import Table from 'react-bootstrap/Table';
import type { Detail, Severity } from '../../../src/api/contract.ts';
import { formatCount, formatError, formatRatio } from '../format.ts';
import { Icon } from '../part/icon.tsx';
import { SeverityBadge, severities } from '../part/severity.tsx';

/** A phone shows cards, and 25 of them are a long way to scroll. */
const PAGE = window.matchMedia('(width < 900px)').matches ? 10 : 25;

type Column = 'sequence' | 'error' | 'severity' | 'device';
interface Order {
  by: Column;
  descending: boolean;
}

const compare: Record<Column, (a: Detail, b: Detail) => number> = {
  sequence: (a, b) => a.sequence_id - b.sequence_id,
  error: (a, b) => a.error - b.error,
  severity: (a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || a.error - b.error,
  device: (a, b) =>
    (a.device ?? '').localeCompare(b.device ?? '', 'en', { numeric: true }) || a.sequence_id - b.sequence_id,
};

interface FindingsTableProps {
  details: readonly Detail[];
  threshold: number;
  /** They are no verdict, and have no colours of an alarm. */
  plain: boolean;
}

export function FindingsTable({ details, threshold, plain }: FindingsTableProps) {
  const [order, setOrder] = useState<Order>({ by: 'error', descending: true });
  const [only, setOnly] = useState<Severity | null>(null);
  const [page, setPage] = useState(0);
  const withDevice = details.some(({ device }) => device !== undefined);

  const rows = useMemo(() => {
    const sign = order.descending ? -1 : 1;
    return details
      .filter(({ severity }) => only === null || severity === only)
      .sort((a, b) => sign * compare[order.by](a, b));
  }, [details, order, only]);
  const start = page * PAGE;

  const sortBy = (by: Column) => {
    setOrder((now) => ({ by, descending: now.by === by ? !now.descending : by === 'error' || by === 'severity' }));
    setPage(0);
  };
  const sortFrom = (chosen: Order) => {
    setOrder(chosen);
    setPage(0);
  };
  const filterBy = (severity: Severity | null) => {
    setOnly(severity);
    setPage(0);
  };
  const header = { order, onSort: sortBy };

  return (
    <>
      <div className="findings-tools">
        <SeverityFilter details={details} only={only} plain={plain} onChange={filterBy} />
        <SortSelect order={order} withDevice={withDevice} onChange={sortFrom} />
      </div>
      <div className="table-frame">
        <Table className="findings cards-on-phone">
          <thead>
            <tr>
              <SortHeader {...header} by="sequence" name="Sequence ID" />
              <SortHeader {...header} by="error" name="Reconstruction Error" />
              <th scope="col" className="num">
                Threshold
              </th>
              <SortHeader {...header} by="severity" name="Severity" />
              {withDevice && <SortHeader {...header} by="device" name="Device" />}
              <th scope="col">Sample Data</th>
              <th scope="col">Rows</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(start, start + PAGE).map((detail) => (
              <FindingRow key={detail.sequence_id} detail={detail} {...{ threshold, plain, withDevice }} />
            ))}
          </tbody>
        </Table>
      </div>
      {rows.length > PAGE && <Pages start={start} total={rows.length} onTurn={(by) => setPage(page + by)} />}
    </>
  );
}

type FindingRowProps = Omit<FindingsTableProps, 'details'> & { detail: Detail; withDevice: boolean };

function FindingRow({ detail, threshold, plain, withDevice }: FindingRowProps) {
  const { sample_data: sample } = detail;
  return (
    <tr>
      <td data-name="Sequence ID" className="num">
        {formatCount(detail.sequence_id)}
      </td>
      <td data-name="Reconstruction Error" className="num">
        {formatError(detail.error)}
        {threshold > 0 && <span className="beside">{formatRatio(detail.error / threshold)}</span>}
      </td>
      <td data-name="Threshold" className="num text-body-secondary">
        {formatError(threshold)}
      </td>
      <td data-name="Severity">
        <SeverityBadge severity={detail.severity} plain={plain} />
      </td>
      {withDevice && (
        <td data-name="Device">
          <span className="address">{detail.device}</span>
        </td>
      )}
      <td data-name="Sample Data" className="sample-cell">
        {sample && (
          <dl className="sample">
            {(Object.keys(sample) as (keyof typeof sample)[]).map((name) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{formatCount(sample[name])}</dd>
              </div>
            ))}
          </dl>
        )}
      </td>
      <td data-name="Rows" className="num-left">
        {detail.rows}
      </td>
    </tr>
  );
}

interface SortHeaderProps {
  by: Column;
  name: string;
  order: Order;
  onSort: (by: Column) => void;
}

function SortHeader({ by, name, order, onSort }: SortHeaderProps) {
  const active = order.by === by;
  const direction = order.descending ? 'descending' : 'ascending';
  const icon = active ? (order.descending ? 'arrowDown' : 'arrowUp') : 'arrowDownUp';
  const numeric = by === 'sequence' || by === 'error';
  return (
    <th scope="col" aria-sort={active ? direction : 'none'} className={numeric ? 'num' : ''}>
      <button type="button" className={active ? 'sort active' : 'sort'} onClick={() => onSort(by)}>
        {name}
        <Icon name={icon} />
      </button>
    </th>
  );
}

const orders = (withDevice: boolean): { name: string; order: Order }[] => [
  { name: 'Strongest first', order: { by: 'error', descending: true } },
  { name: 'Weakest first', order: { by: 'error', descending: false } },
  { name: withDevice ? 'Device by device' : 'In file order', order: { by: 'sequence', descending: false } },
  { name: 'Last first', order: { by: 'sequence', descending: true } },
];

interface SortSelectProps {
  order: Order;
  withDevice: boolean;
  onChange: (order: Order) => void;
}

/** On a phone the columns have no heads to press. */
function SortSelect({ order, withDevice, onChange }: SortSelectProps) {
  const choices = orders(withDevice);
  const current = choices.findIndex(
    (known) => known.order.by === order.by && known.order.descending === order.descending,
  );
  return (
    <Form.Select
      className="sort-select"
      size="sm"
      aria-label="Order of the anomalies"
      value={current}
      onChange={({ target }) => onChange(choices[Number(target.value)].order)}
    >
      {current === -1 && <option value={-1}>By another column</option>}
      {choices.map(({ name }, i) => (
        <option key={name} value={i}>
          {name}
        </option>
      ))}
    </Form.Select>
  );
}

function SeverityFilter(props: {
  details: readonly Detail[];
  only: Severity | null;
  plain: boolean;
  onChange: (severity: Severity | null) => void;
}) {
  const { details, only, plain, onChange } = props;
  const counts = severities
    .map((severity) => ({ severity, count: details.filter((detail) => detail.severity === severity).length }))
    .filter(({ count }) => count > 0);
  if (counts.length < 2) return null;
  return (
    <fieldset className="filters">
      <legend className="visually-hidden">Show by severity</legend>
      <button type="button" className="filter" aria-pressed={only === null} onClick={() => onChange(null)}>
        All <span className="num">{formatCount(details.length)}</span>
      </button>
      {counts.map(({ severity, count }) => (
        <button
          key={severity}
          type="button"
          className="filter"
          aria-pressed={only === severity}
          onClick={() => onChange(severity)}
        >
          <SeverityBadge severity={severity} plain={plain} /> <span className="num">{formatCount(count)}</span>
        </button>
      ))}
    </fieldset>
  );
}

function Pages({ start, total, onTurn }: { start: number; total: number; onTurn: (by: -1 | 1) => void }) {
  const end = Math.min(start + PAGE, total);
  return (
    <nav className="pages" aria-label="Pages of anomalies">
      <Button variant="outline-secondary" size="sm" disabled={start === 0} onClick={() => onTurn(-1)}>
        <Icon name="chevronLeft" /> Previous
      </Button>
      <span role="status" className="num">
        {formatCount(start + 1)}–{formatCount(end)} of {formatCount(total)}
      </span>
      <Button variant="outline-secondary" size="sm" disabled={end === total} onClick={() => onTurn(1)}>
        Next <Icon name="chevronRight" />
      </Button>
    </nav>
  );
}
