// Loads the engine: the Java core, compiled by TeaVM to WebAssembly GC.
//
// TeaVM's own loader builds functions from text (new Function), which a strict content security policy forbids.
// This one hands the module plain closures, and only those that it asks for.

/** @typedef {{text: string, bytes: Uint8Array}} Reply */
/** @typedef {{call(text: string, bytes?: Uint8Array): Reply}} Engine */

const CHUNK = 8192; // String.fromCharCode takes its characters as arguments, of which an engine allows only so many

/**
 * @param {BufferSource | Response | PromiseLike<Response>} source the module, or the response that brings it
 * @returns {Promise<Engine>}
 */
export async function load(source) {
  const module = await WebAssembly.compile(await bytesOf(source));
  let text = "";
  /** @type {Uint8Array} */
  let payload = new Uint8Array(0);
  const chars = growing(Uint16Array);
  const bytes = growing(Uint8Array);
  const kernelBytes = growing(Uint8Array);
  const host = runtime(module);
  const memory = host.env.memory;
  /** @type {Record<string, any>} */
  let kernels = {};
  const supplied = {
    ...host,
    // What convscope.web.Host imports: the request, where the reply goes, and a clock.
    convscope: {
      inLength: () => text.length,
      inChar: (/** @type {number} */ i) => text.charCodeAt(i),
      inBytes: () => payload.length,
      inByte: (/** @type {number} */ i) => payload[i],
      outChar: chars.push,
      outByte: bytes.push,
      now: () => performance.now(),
      memoryBytes: () => memory.buffer.byteLength,
      grow(/** @type {number} */ pages) {
        try {
          return memory.grow(pages);
        } catch {
          return -1;
        }
      },
      kernelByte: kernelBytes.push,
      kernelsReady() {
        const code = kernelBytes.take();
        if (!WebAssembly.validate(code)) {
          return 0;
        }
        kernels = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } }).exports;
        return 1;
      },
      toMemory: (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ count) =>
        new Uint8Array(memory.buffer, at, count).set(payload.subarray(from, from + count)),
      fromMemory: (/** @type {number} */ at, /** @type {number} */ count) =>
        bytes.append(new Uint8Array(memory.buffer, at, count)),
    },
  };
  const imports = importsOf(supplied, (name) => (/** @type {number[]} */ ...operands) => kernels[name](...operands));
  const instance = await WebAssembly.instantiate(module, imports);
  const call = /** @type {() => void} */ (instance.exports.call);
  return {
    call(request, requestBytes = new Uint8Array(0)) {
      text = request;
      payload = requestBytes;
      call();
      return { text: toText(chars.take()), bytes: bytes.take() };
    },
  };
}

/** @param {BufferSource | Response | PromiseLike<Response>} source */
async function bytesOf(source) {
  const given = await source;
  if (!(given instanceof Response)) {
    return given;
  }
  if (!given.ok) {
    throw new Error(`The engine could not be loaded: ${given.url} answered ${given.status}.`);
  }
  return given.arrayBuffer(); // not compileStreaming: that insists on a media type which some hosts do not know
}

/**
 * What TeaVM's generated code expects of its host. JavaScript strings and objects never cross the border, so that
 * of its many helpers only those are here that run while the module starts or a Java exception is made.
 *
 * @param {WebAssembly.Module} module
 * @returns {{env: {memory: WebAssembly.Memory}} & Record<string, Record<string, any>>}
 */
function runtime(module) {
  const [section] = WebAssembly.Module.customSections(module, "teavm.memoryRequirements");
  const { min = 1, dataSize = 0 } = section ? JSON.parse(new TextDecoder().decode(section)) : {};
  const maxPages = 32768;
  const memory = new WebAssembly.Memory({ initial: min, maximum: maxPages });
  const constant = (/** @type {number} */ value) => new WebAssembly.Global({ value: "i32", mutable: false }, value);
  const inert = () => () => {};
  return {
    env: { memory },
    teavmMemory: {
      heapOffset: constant((dataSize + 7) & ~7),
      maxSize: constant(0x7fffffff),
      linearMemory: () => memory.buffer,
      notifyHeapResized: () => {},
    },
    teavm: {
      takeStackTrace: () => ({ getStack: () => [] }),
      decorateException: () => {},
    },
    teavmMath: /** @type {any} */ (Math),
    teavmDate: { currentTimeMillis: () => Date.now() },
    teavmConsole: { putcharStdout: line(console.log), putcharStderr: line(console.error) },
    teavmJso: {
      stringBuiltinsSupported: () => 0,
      createClass: inert,
      createFunction1: script,
      callFunction1: (/** @type {(a: any) => any} */ f, /** @type {any} */ a) => f(a),
      defineFunction: inert,
      defineMethod: () => {},
      defineStaticMethod: () => {},
    },
    "wasm:js-string": {
      fromCharCode: String.fromCharCode,
      concat: (/** @type {string} */ a, /** @type {string} */ b) => a + b,
      charCodeAt: (/** @type {string} */ s, /** @type {number} */ i) => s.charCodeAt(i),
      length: (/** @type {string} */ s) => s.length,
      substring: (/** @type {string} */ s, /** @type {number} */ from, /** @type {number} */ to) => s.substring(from, to),
    },
  };
}

/**
 * Scripts in TeaVM's class library come as text. Those that run are written out here.
 *
 * @param {string} parameter
 * @param {string} body
 */
function script(parameter, body) {
  return parameter === "str" && body === "return str;" // part of making an exception
    ? (/** @type {string} */ str) => str
    : missing(`the script (${parameter}) => { ${body} }`);
}

/**
 * The imports, each made when the module asks for it. So nothing here need list them beforehand: Safari's engine throws
 * when WebAssembly.Module.imports is asked about a module with garbage-collected types.
 *
 * @param {Record<string, Record<string, any>>} supplied
 * @param {(name: string) => any} kernel stands in for a kernel, which exists only once Java has written it
 */
function importsOf(supplied, kernel) {
  const from = (/** @type {string} */ space) =>
    answering((name) => (space === "kernels" ? kernel(name) : (supplied[space]?.[name] ?? missing(`${space}.${name}`))));
  return /** @type {WebAssembly.Imports} */ (answering(from));
}

/**
 * An object whose properties are answers to their names.
 *
 * @param {(name: string) => any} answer
 */
function answering(answer) {
  return new Proxy({}, { get: (_, name) => answer(String(name)) });
}

/** @param {string} name */
function missing(name) {
  return () => {
    throw new Error(`The engine called ${name}, which static/js/wasm.js does not supply.`);
  };
}

/** @param {(text: string) => void} print */
function line(print) {
  let text = "";
  return (/** @type {number} */ code) => {
    if (code === 10) {
      print(text);
      text = "";
    } else {
      text += String.fromCharCode(code);
    }
  };
}

/**
 * An array that grows as numbers are pushed, and starts anew when taken.
 *
 * @template {Uint8Array | Uint16Array} T
 * @param {new (length: number) => T} Type
 */
function growing(Type) {
  let array = new Type(4096);
  let length = 0;
  const reserve = (/** @type {number} */ size) => {
    if (size > array.length) {
      const larger = new Type(Math.max(size, 2 * array.length));
      larger.set(array);
      array = larger;
    }
  };
  return {
    push(/** @type {number} */ value) {
      reserve(length + 1);
      array[length++] = value;
    },
    append(/** @type {T} */ values) {
      reserve(length + values.length);
      array.set(values, length);
      length += values.length;
    },
    take() {
      const taken = /** @type {T} */ (array.slice(0, length));
      length = 0;
      return taken;
    },
  };
}

/** @param {Uint16Array} chars */
function toText(chars) {
  let text = "";
  for (let i = 0; i < chars.length; i += CHUNK) {
    text += String.fromCharCode(...chars.subarray(i, i + CHUNK));
  }
  return text;
}
