package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.journal.JournalDisk;
import dev.nonevent.pipeline.journal.RunJournal;
import dev.nonevent.pipeline.work.Trigger;
import java.io.IOException;
import java.nio.file.Path;

/** A process that is gone, at once and without a word, when it has written so many records. */
final class DyingProcess {

    private DyingProcess() {}

    public static void main(String... args) throws Exception {
        Path home = Path.of(args[0]);
        int records = Integer.parseInt(args[1]);
        PipelineRunner.in(home)
                .maxParallel(2)
                .journal(file -> new Halting(RunJournal.onThisMachine().open(file), new int[] {records}))
                .run(SmallDelivery.plan(home), RunRequest.of(Trigger.manual()));
    }

    private record Halting(JournalDisk disk, int[] left) implements JournalDisk {

        @Override
        public void write(byte[] record) throws IOException {
            disk.write(record);
            if (--left[0] == 0) {
                Runtime.getRuntime().halt(137);
            }
        }

        @Override
        public void force() throws IOException {
            disk.force();
        }

        @Override
        public void close() throws IOException {
            disk.close();
        }
    }
}
