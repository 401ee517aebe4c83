package dev.nonevent.pipeline.gate;

/** How bad a finding is, from the least. The order is part of the promise. */
public enum Severity {
    /** SARIF {@code note}; a CVSS score up to 3.9. */
    LOW,
    /** SARIF {@code warning}; 4.0 to 6.9. */
    MEDIUM,
    /** SARIF {@code error}; 7.0 to 8.9. */
    HIGH,
    /** 9.0 and more. */
    CRITICAL
}
