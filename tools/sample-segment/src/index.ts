export { columns, sampleMapping, type ColumnName, type SegmentRow } from './columns';
export {
  generateSegment,
  invalidReasons,
  type ExpectedFigures,
  type GeneratedSegment,
  type InvalidReason,
  type SegmentOptions,
} from './generate-segment';
export type { GeneratedPart } from './part-writer';
export { refreshOf, type RefreshOptions } from './refresh-event';
export { segmentFormats, textEncodings, type SegmentFormat, type TextEncoding } from './stored-as';
