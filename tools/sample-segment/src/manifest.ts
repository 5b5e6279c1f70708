import { columns } from './columns';
import type { GeneratedPart } from './part-writer';

/** The manifest of a Common Data Model folder, as Customer Insights writes it beside the parts. */
export function cdmManifest(entity: string, parts: readonly GeneratedPart[], modifiedTime: string): string {
  const fileFormatSettings = {
    $type: 'CsvFormatSettings',
    columnHeaders: false,
    delimiter: ',',
    quoteStyle: 'QuoteStyle.Csv',
    csvStyle: 'CsvStyle.QuoteAlways',
    encoding: 'UTF-8',
  };
  const manifest = {
    application: 'Customer Insights',
    name: 'BlobExport',
    version: '1.0',
    culture: 'en-US',
    modifiedTime,
    entities: [
      {
        $type: 'LocalEntity',
        name: entity,
        description: '',
        attributes: columns,
        partitions: parts.map(({ uri }, index) => ({
          name: `${entity}_${index + 1}`,
          refreshTime: modifiedTime,
          location: uri,
          fileFormatSettings,
        })),
      },
    ],
    relationships: [],
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
