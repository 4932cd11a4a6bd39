/** Exports of the compiled kernels (assembly/index.ts); every pointer is a byte offset into their memory. */
export interface Kernels {
  product(
    y: number,
    bias: number,
    init: number,
    v: number,
    x: number,
    k: number,
    w: number,
    h: number,
    l: number,
    rows: number,
    batch: number,
  ): void;
  outer(
    dw: number,
    dz: number,
    dzStep: number,
    x: number,
    xStep: number,
    steps: number,
    rows: number,
    k: number,
    columns: number,
    panelStep: number,
    rowStep: number,
    batch: number,
  ): void;
  rowSums(
    db: number,
    dz: number,
    dzStep: number,
    steps: number,
    rows: number,
    panelStep: number,
    rowStep: number,
    batch: number,
  ): void;
  pack(to: number, from: number, k: number, columns: number, rows: number, panelStep: number, rowStep: number): void;
  packTransposed(
    to: number,
    from: number,
    k: number,
    columns: number,
    rows: number,
    panelStep: number,
    rowStep: number,
  ): void;
  lstmForward(
    x: number,
    xStep: number,
    features: number,
    v: number,
    w: number,
    bias: number,
    z: number,
    zx: number,
    c: number,
    h0: number,
    h: number,
    hStep: number,
    steps: number,
    units: number,
    batch: number,
    rectified: boolean,
  ): void;
  lstmForwardKeeping(
    x: number,
    xStep: number,
    features: number,
    v: number,
    w: number,
    bias: number,
    z: number,
    c: number,
    phi: number,
    h: number,
    steps: number,
    units: number,
    batch: number,
    rectified: boolean,
  ): void;
  lstmBackward(
    z: number,
    c: number,
    phi: number,
    dy: number,
    dc: number,
    wT: number,
    steps: number,
    units: number,
    batch: number,
    rectified: boolean,
  ): void;
  productInt8(
    z: number,
    bias: number,
    init: number,
    q: number,
    columnScale: number,
    columnStart: number,
    weights: number,
    rowScale: number,
    rowStart: number,
    units: number,
    rows: number,
    batch: number,
  ): void;
  cellInt8(
    z: number,
    c: number,
    h: number,
    rate: number,
    q: number,
    columnScale: number,
    columnStart: number,
    units: number,
    batch: number,
    first: boolean,
    rectified: boolean,
  ): void;
  gather(block: number, states: number, slots: number, slotBytes: number, rows: number, batch: number): void;
  scatter(block: number, states: number, slots: number, slotBytes: number, rows: number, batch: number): void;
  productOne(
    y: number,
    bias: number,
    v: number,
    x: number,
    k: number,
    w: number,
    h: number,
    l: number,
    rows: number,
  ): void;
  lstmOne(
    x: number,
    features: number,
    v: number,
    w: number,
    bias: number,
    z: number,
    h: number,
    c: number,
    units: number,
    rectified: boolean,
  ): void;
  activate(y: number, n: number, activation: number): void;
  activateBackward(dy: number, y: number, n: number, activation: number): void;
  multiply(y: number, x: number, mask: number, n: number): void;
  addMultiple(y: number, x: number, mask: number, n: number): void;
  copy(to: number, from: number, bytes: number): void;
  clear(at: number, bytes: number): void;
  adam(
    parameters: number,
    gradients: number,
    m: number,
    v: number,
    n: number,
    rate: number,
    share1: number,
    share2: number,
    epsilon: number,
  ): void;
}

/** A module's kernels over a memory of their own. */
export const instantiate = (module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels =>
  new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
