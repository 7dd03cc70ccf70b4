package dev.kanal.common.channel;

/** What became of a delivery. */
public enum Settlement {
  /** Done with; never delivered again. */
  ACCEPT,
  /** To be delivered again, at once, to any receiver. */
  RELEASE,
  /** Cannot be used by any receiver; never delivered again. */
  REJECT
}
