export { CANONICAL, EXTENSION, extensionUrl, SYSTEM } from './canonical.ts'
export {
  FhirClient,
  type OperationCall,
  type PatchOperation,
  type RequestOptions,
  type Versioned,
} from './client.ts'
export { FhirError, type FhirErrorCode, FhirResponseError, FhirTransportError } from './errors.ts'
export { getExtension, listExtensions, withExtension } from './extensions.ts'
export { parseReference, referencedId, referenceTo } from './references.ts'
export {
  type IncludeName,
  type ResourceOf,
  type RevIncludeName,
  type SearchPage,
  type SearchQuery,
} from './search.ts'
export { TransactionBuilder } from './transaction.ts'
export { type FhirRequest, type FhirResponse, type FhirTransport, fetchTransport } from './transport.ts'
