// The worker that runs the engines, one worker for all figures of a page.
import { serve } from "./serve.js";

const receive = serve((message, transfer) => postMessage(message, { transfer }));
addEventListener("message", ({ data }) => receive(data));
