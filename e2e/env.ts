function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`The browser flows are started by "npm test", which sets ${name}`)
  return value
}

/** Where the flows find the system under test; set by scripts/test.ts. */
export function readFlowSettings() {
  return {
    origin: required('FLOW_ORIGIN'),
    fhirBaseUrl: required('FLOW_FHIR_BASE_URL'),
    fhirToken: required('FLOW_FHIR_TOKEN'),
    chromium: process.env['FLOW_CHROMIUM'] || undefined,
  }
}

/** The environment of processes that a flow starts: nothing of the flows' own settings goes along. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FLOW_')))
}
