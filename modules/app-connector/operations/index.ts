export { OperationsDocuments, type OperationsDocumentsProps } from "./operations-documents";
