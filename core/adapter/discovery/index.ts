/** What series there are, as far as rules want to know. */
export { Discovery, type DiscoveryResult, type SeriesListing } from './discovery';
export { type Listing, listNames, type ListingQuestion, type ListingReply } from './list-names';
export { LookPace, relistPauseMs, retryPauseMs } from './pace';
