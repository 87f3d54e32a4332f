import { Worker } from 'node:worker_threads'

/** Reads every page of a file on a thread of its own, a while after the start, and tells whether they fit together. */
export function checkLater(
  file: string,
  afterMs: number,
  onChecked: (isGood: boolean) => void,
): { stop: () => void } {
  let worker: Worker | undefined
  const timer = setTimeout(() => {
    worker = new Worker(new URL('./check-worker.ts', import.meta.url), { workerData: file })
    worker.unref()
    worker.on('message', onChecked)
    worker.on('error', () => onChecked(false))
  }, afterMs)
  return {
    stop: () => {
      clearTimeout(timer)
      void worker?.terminate()
    },
  }
}
