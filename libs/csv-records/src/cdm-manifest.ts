import { type CsvSettings, csvSettings, notSupported, settingFields, type SettingFields } from './cdm-format';
import { ManifestError } from './manifest-error';

// `model.json` of a Common Data Model folder, as far as a reader of one entity needs it. Null is absent (by the format's own
// documentation even a location may be null), and what is odd elsewhere, in another entity or in an element that is not asked for, is
// passed over. What is said about the reading of a part is honoured or refused by name.

/** More attributes are no table. */
const ATTRIBUTES_MAX = 10_000;

export interface CdmColumn {
  /** Empty where the attribute has none: it keeps its place, and nothing can ask for it. */
  name: string;
  dataType: string | undefined;
}

/** How a part is read. */
export interface PartReading extends CsvSettings {
  /** IETF language tag of how its numbers and dates are spelled; null where they are spelled as by ISO 8601 and with a decimal point. */
  culture: string | null;
}

export interface CdmPartition {
  /** A URI or a path, as it stands. */
  location: string;
  /** The steps of the location. */
  way: readonly string[];
  fileFormatSettings: unknown;
  traits: unknown;
}

export interface CdmEntity {
  /** In the order of the parts. */
  columns: CdmColumn[];
  /** Those that have a location. */
  partitions: CdmPartition[];
  culture: unknown;
}

type Described = Readonly<Record<string, unknown>>;

/** Throws a ManifestError. `content` is what the manifest's JSON holds. */
export function cdmEntity(content: unknown, name: string): CdmEntity {
  const found = entitiesOf(content).filter((entity) => entity['name'] === name);
  const entity = found.find(({ attributes }) => Array.isArray(attributes)) ?? found[0];
  if (entity === undefined) throw new ManifestError('entity_missing', 'model.json does not hold the entity that is named');
  if (entity['$type'] === 'ReferenceEntity')
    throw new ManifestError('not_supported', 'The entity is only referred to in model.json; another one describes it');
  const columns = listOf(entity['attributes']).map(columnOf);
  if (!columns.some((column) => column.name !== '') || columns.length > ATTRIBUTES_MAX)
    throw new ManifestError('unreadable', "the entity's description in model.json has no usable attributes");
  const partitions = listOf(entity['partitions']).flatMap(partitionOf);
  return { columns, partitions, culture: (content as Described)['culture'] ?? null };
}

/** Throws a ManifestError. */
export function cdmEntityNames(content: unknown): string[] {
  return entitiesOf(content).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
}

function entitiesOf(content: unknown): Described[] {
  const entities = isObject(content) ? content['entities'] : undefined;
  if (!Array.isArray(entities)) throw new ManifestError('unreadable', 'model.json has no list of entities');
  return entities.filter(isObject);
}

function columnOf(attribute: unknown): CdmColumn {
  const { name, dataType } = isObject(attribute) ? attribute : {};
  return { name: typeof name === 'string' ? name : '', dataType: typeof dataType === 'string' ? dataType : undefined };
}

function partitionOf(described: unknown): CdmPartition[] {
  if (!isObject(described)) return [];
  const { location } = described;
  if (typeof location !== 'string' || location === '') return [];
  const { fileFormatSettings = null, 'cdm:traits': traits = null } = described;
  return [{ location, way: wayOf(location), fileFormatSettings, traits }];
}

/** How a part is read that a partition describes; of an entity that describes none, as the format says by default. Throws a ManifestError. */
export function readingOf(
  { culture }: CdmEntity,
  partition: Pick<CdmPartition, 'fileFormatSettings' | 'traits'> | null,
): PartReading {
  const { fileFormatSettings: settings = null, traits = null } = partition ?? {};
  if (settings !== null && !isObject(settings)) throw notSupported('fileFormatSettings');
  const fields = new Map([...traitFields(traits, 'is.partition.format.CSV'), ...settingFields(settings ?? {})]);
  const cultureOfPart = traitFields(traits, 'is.partition.culture').get('culture');
  return { ...csvSettings(fields), culture: supportedCulture(cultureOfPart ?? culture) };
}

/** Traits of a partition that say nothing about its reading. */
const silentTraits = new Set(['is.partition', 'is.partition.size', 'is.partition.format.CSV', 'is.partition.culture']);

function traitFields(traits: unknown, wanted: string): SettingFields {
  const fields = new Map<string, unknown>();
  for (const trait of listOf(traits)) {
    const { traitReference = trait, arguments: given } = isObject(trait) ? trait : {};
    if (typeof traitReference !== 'string') continue;
    if (traitReference.startsWith('is.partition') && !silentTraits.has(traitReference)) throw notSupported(traitReference);
    if (traitReference !== wanted) continue;
    for (const argument of listOf(given)) {
      // The only argument of a trait may come without its name.
      const { name = wanted.split('.').at(-1), value = argument } = isObject(argument) ? argument : {};
      if ((value ?? null) !== null) fields.set(String(name), value);
    }
  }
  return fields;
}

function supportedCulture(culture: unknown): string | null {
  if (culture === null || culture === '') return null;
  if (typeof culture !== 'string' || !isLanguageTag(culture)) throw notSupported('culture');
  return culture;
}

function isLanguageTag(culture: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(culture).length > 0;
  } catch {
    // It is no tag at all.
    return false;
  }
}

/**
 * How the file behind a URI is read. Locations need not be where the file is, for a lake may be mounted or copied: its partition is the
 * one whose location ends most alike. Throws a ManifestError.
 */
export function readingOfFile(entity: CdmEntity, uri: string): PartReading {
  const way = wayOf(uri);
  const alike = entity.partitions.map((partition) => commonEnd(way, partition.way));
  const most = alike.reduce((max, count) => Math.max(max, count), 0);
  // Thousands of partitions are described in a few ways.
  const descriptions = new Map<string, CdmPartition>();
  for (const [index, partition] of entity.partitions.entries())
    if (alike[index] === most) descriptions.set(JSON.stringify([partition.fileFormatSettings, partition.traits]), partition);
  const readings = new Map<string, PartReading>();
  for (const partition of descriptions.size === 0 ? [null] : descriptions.values()) {
    const found = readingOf(entity, partition);
    readings.set(JSON.stringify(found), found);
  }
  const [reading, ...others] = readings.values();
  if (reading === undefined || others.length > 0)
    throw new ManifestError(
      'not_supported',
      'model.json describes parts in different ways and does not tell which of them this is',
    );
  return reading;
}

/** The steps of a URI or a path, without its query. */
function wayOf(location: string): string[] {
  const steps = location.split(/[?#]/, 1)[0]?.split('/') ?? [];
  return steps.filter(Boolean).map((step) => {
    try {
      return decodeURIComponent(step);
    } catch {
      return step;
    }
  });
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count += 1;
  return count;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const isObject = (value: unknown): value is Described => typeof value === 'object' && value !== null && !Array.isArray(value);
