/** The C functions of the slim module that Python's loops stand on: wasm/slim/guest_exports.cpp. */

/** A pointer: to a loop's core, or to a text. */
type Pointer = number;

export interface CoreModule {
  /** Set anew whenever memory grows. */
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): Pointer;
  _free(pointer: Pointer): void;

  _guest_open(
    program: Pointer,
    platform: Pointer,
    interpreter: Pointer,
    file: Pointer,
    source: Pointer,
    isVirtual: boolean,
    debug: boolean,
    traced: boolean,
    events: number,
    output: number,
  ): void;
  _guest_now(): number;
  _guest_ask(): number;
  _guest_pass_time(seconds: number): void;
  _guest_end_lines(): void;
  _guest_flush(): void;
  _guest_output(
    fd: number,
    data: Pointer,
    size: number,
    func: Pointer,
    file: Pointer,
    line: number,
  ): void;
  _guest_end(code: number, error: Pointer): void;

  _guest_new_loop(traced: boolean): Pointer;
  _guest_number(core: Pointer): number;
  _guest_time(core: Pointer): number;
  _guest_call_soon(core: Pointer): number;
  _guest_call_at(core: Pointer, when: number): number;
  _guest_cancel(core: Pointer, handle: number): void;
  /** Seconds, negative: for ever. */
  _guest_next_timeout(core: Pointer): number;
  _guest_begin_turn(core: Pointer, stopping: boolean): number;
  _guest_collect(core: Pointer): void;
  _guest_next(core: Pointer): number;
  _guest_loop_start(core: Pointer): void;
  _guest_loop_stop(core: Pointer): void;
  _guest_close(core: Pointer): void;

  _guest_mute(core: Pointer, on: boolean): void;
  _guest_new_task(): number;
  _guest_new_future(): number;
  _guest_new_resource(): number;
}

/** What a call of the trace takes after the core: numbers (NaN: absent) and pointers to texts (0: absent). */
export type Told = (core: Pointer, ...values: number[]) => void;

export interface CoreModuleOptions {
  /** Gets whole lines of the trace. */
  guestTrace: (lines: Uint8Array<ArrayBuffer>) => void;
  instantiateWasm: (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ) => object;
}

export type CoreModuleFactory = (options: CoreModuleOptions) => Promise<CoreModule>;

export function instantiateCore(
  factory: CoreModuleFactory,
  wasm: WebAssembly.Module,
  onTrace: (lines: Uint8Array<ArrayBuffer>) => void,
): Promise<CoreModule> {
  return factory({
    guestTrace: onTrace,
    instantiateWasm: (imports, done) => {
      void WebAssembly.instantiate(wasm, imports).then(done);
      return {};
    },
  });
}
