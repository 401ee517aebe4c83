package dev.nonevent.pipeline.gate;

/** A report cannot answer the question; the message is the sentence of the verdict. */
final class UnusableEvidence extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableEvidence(String sentence) {
        super(sentence);
    }
}
