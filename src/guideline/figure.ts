/** The lower and the upper end, in the unit of the figure. */
export type Span = readonly [number, number];

/** Who the patients of a figure were, as far as it was recorded. */
export interface Population {
  readonly who: string;
  readonly age?: string;
  /** Of treatment. */
  readonly line?: string;
  readonly country?: string;
  readonly era?: string;
}

/** What a figure rests on. */
export interface Cited {
  /** Ids in `sources.yaml`. */
  readonly sources: readonly string[];
  /** Ids in `statements.yaml`. */
  readonly statements: readonly string[];
}

/** What every figure says of itself. */
export interface Figure extends Cited {
  readonly id: string;
  /** How many patients it is of; or why that is not known. */
  readonly n?: number;
  readonly withoutN?: string;
  readonly population: Population;
  /** Was it read where it is said to stand? */
  readonly status: 'verified' | 'partly verified' | 'unverified';
  /** Of whom it is a figure, if not of patients with ASPS. */
  readonly notAsps?: string;
  readonly note?: string;
}

/** A part of the patients: a percentage as published, a range of percentages, or a count alone. */
export interface Share {
  readonly percent?: number;
  readonly percentRange?: Span;
  /** The source says "about". */
  readonly about?: true;
  /** Only one that was published. */
  readonly count?: number;
  /** 95 % confidence interval in percent, as published; never computed. */
  readonly interval?: Span;
}

/** How many patients did what under a treatment. */
export interface Response extends Figure, Share {
  readonly treatment: string;
  readonly group: TreatmentGroup;
  /** Trial or series and year, a few words. */
  readonly short: string;
  readonly measure: ResponseMeasure;
  /** When, or of whom. */
  readonly at?: string;
  readonly assessor?: string;
  readonly design: string;
  /** What which regulator allows. */
  readonly licence?: string;
}

export type TreatmentGroup =
  | 'checkpoint inhibitor'
  | 'both together'
  | 'anti-angiogenic drug'
  | 'cytotoxic chemotherapy'
  | 'no treatment';

export type ResponseMeasure =
  | 'objective response'
  | 'lasting response'
  | 'stable disease'
  | 'disease control'
  | 'progression-free'
  | 'progressive disease';

export type MedianMeasure =
  | 'progression-free survival'
  | 'time to response'
  | 'duration of response'
  | 'time to progression'
  | 'best change in tumour size'
  | 'change in tumour size at 24 weeks'
  | 'from diagnosis to brain metastases'
  | 'survival after brain metastases';

/** A median, in months unless it is of a change in percent. */
export interface Median extends Figure {
  /** None, if it is of the disease. */
  readonly treatment?: string;
  readonly measure: MedianMeasure;
  readonly unit?: 'percent';
  readonly median: number;
  /** The lowest and the highest value seen; no confidence interval. */
  readonly spread?: Span;
  /** 95 % confidence interval as published. */
  readonly interval?: Span;
  readonly design: string;
  readonly licence?: string;
}

/** How many of a cohort lived how long. */
export interface Survival extends Figure, Share {
  readonly cohort: string;
  readonly stage: 'localised' | 'metastatic' | 'not recorded';
  readonly measure: 'alive' | 'free of disease' | 'median survival';
  /** When they were counted. */
  readonly at?: string;
  readonly months?: number;
  readonly monthsRange?: Span;
  /** The median is at least `months`. */
  readonly orLonger?: true;
  readonly design: string;
}

/** How often something is found, whatever the treatment. */
export interface Occurrence extends Figure, Share {
  readonly measure:
    | 'metastatic at presentation'
    | 'metastatic relapse of localised disease'
    | 'brain metastases'
    | 'first taken for something benign';
  readonly cohort: string;
}

/** Harm seen under a treatment. */
export interface Reactions extends Figure {
  readonly treatment: string;
  readonly what: string;
  readonly events: readonly { readonly event: string; readonly percent?: number; readonly count?: number }[];
}

/** Figures that disagree, and why they stand side by side. */
export interface Contrast extends Cited {
  /** Their ids. */
  readonly figures: readonly string[];
  readonly why: string;
}

/** `cards/outcomes.yaml`: the figures of the publications. The service itself does not need it. */
export interface Outcomes {
  readonly responses: readonly Response[];
  readonly medians: readonly Median[];
  readonly survival: readonly Survival[];
  readonly occurrences: readonly Occurrence[];
  readonly reactions: readonly Reactions[];
  readonly contrasts: readonly Contrast[];
}
