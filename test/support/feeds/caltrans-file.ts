/** Texts in place of those of a row, by the path of their member: `location.route`. */
export type Edits = Readonly<Record<string, string>>;

type Row = { readonly [member: string]: string | Row };

/** A file of checkpoints as upstream writes it, made at 12:01:03 in California on 2026-01-15. */
export function chainControlsFile(rows: readonly Edits[]): Uint8Array {
  return fileOf(
    'cc',
    rows.map((edits, at) => edited({ ...checkpoint, index: `3-NEV-80-R58.7-E-${at}` }, edits)),
  );
}

/** A file of closures, made at 20:53:03 in California on 2026-01-15; the window is from 8:01 to 16:59 on the day after. */
export function laneClosuresFile(rows: readonly Edits[]): Uint8Array {
  return fileOf(
    'lcs',
    rows.map((edits, at) => edited({ ...closure, index: `C80A-000${at}-2026-01-16-08:01:00` }, edits)),
  );
}

/** Printed from a template: tabs, slashes escaped. */
function fileOf(feed: string, rows: readonly Row[]): Uint8Array {
  const json = JSON.stringify({ data: rows.map((row) => ({ [feed]: row })) }, null, '\t');
  return Buffer.from(`${json.replaceAll('/', '\\/')}\n`);
}

function edited(row: Row, edits: Edits): Row {
  return Object.entries(edits).reduce((result, [path, text]) => withText(result, path.split('.'), text), row);
}

function withText(row: Row, [name = '', ...rest]: readonly string[], text: string): Row {
  const member = row[name];
  if (rest.length === 0) return { ...row, [name]: text };
  return { ...row, [name]: withText(typeof member === 'object' ? member : {}, rest, text) };
}

const checkpoint = {
  recordTimestamp: { recordDate: '2026-01-15', recordTime: '12:01:03' },
  location: {
    district: '3',
    locationName: 'Kingvale',
    nearbyPlace: 'Soda Springs',
    longitude: '-120.432100',
    latitude: '39.318500',
    elevation: '6105',
    direction: 'East',
    county: 'Nevada',
    route: 'I-80',
    routeSuffix: '',
    postmilePrefix: 'R',
    postmile: '58.70',
    alignment: '',
    milepost: '171.02',
  },
  inService: 'true',
  statusData: {
    statusTimestamp: { statusDate: '2026-01-14', statusTime: '21:12:40' },
    status: 'R-0',
    statusDescription: 'No chain controls are in effect at this time.',
  },
};

function closurePlace(prefix: string, latitude: string, longitude: string): Row {
  const { latitude: _, longitude: __, ...location } = checkpoint.location;
  const members = { ...location, freeFormDescription: "400' east of the bridge / at the sign", latitude, longitude };
  const named = Object.entries({ ...members, direction: '' }).map(([name, text]) => {
    return [`${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`, text] as const;
  });
  return Object.fromEntries(named);
}

function code(number: string): Row {
  const never = { [`code${number}Date`]: '', [`code${number}Time`]: '', [`code${number}Epoch`]: '' };
  return { [`isCode${number}`]: 'false', [`code${number}Timestamp`]: never };
}

const closure = {
  recordTimestamp: { recordDate: '2026-01-15', recordTime: '20:53:03', recordEpoch: '1768539183' },
  location: {
    travelFlowDirection: 'East / West',
    begin: closurePlace('begin', '39.318500', '-120.432100'),
    end: closurePlace('end', '39.320100', '-120.401900'),
  },
  closure: {
    closureID: 'C80A',
    logNumber: '1',
    closureTimestamp: {
      closureRequestDate: '2026-01-05',
      closureRequestTime: '09:22:53',
      closureRequestEpoch: '1767633773',
      closureStartDate: '2026-01-16',
      closureStartTime: '08:01:00',
      closureStartEpoch: '1768579260',
      closureEndDate: '2026-01-16',
      closureEndTime: '16:59:00',
      closureEndEpoch: '1768611540',
      isClosureEndIndefinite: 'false',
    },
    facility: 'Mainline',
    typeOfClosure: 'Lane',
    typeOfWork: 'Slab Replacement',
    durationOfClosure: 'Standard',
    estimatedDelay: '10',
    lanesClosed: '1, 2',
    totalExistingLanes: '3',
    isCHINReportable: 'true',
    code1097: code('1097'),
    code1098: code('1098'),
    code1022: code('1022'),
  },
};
