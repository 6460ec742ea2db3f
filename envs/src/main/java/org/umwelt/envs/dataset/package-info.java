/**
 * Data sets of recorded episodes in the format of Minari 0.5, which Python opens with {@code
 * minari.load_dataset}.
 *
 * <p>A {@link org.umwelt.envs.dataset.DatasetWriter} records episodes, several at once; a {@link
 * org.umwelt.envs.dataset.Dataset} opens them and survives damage; a {@link
 * org.umwelt.envs.dataset.ReplayVerifier} simulates them again.
 *
 * <p>An episode of T steps is a table. Row t holds the observation and info that action t - 1 led
 * to (row 0 those of the reset) and, but for the last row, action t with its reward and flags.
 *
 * <p><b>While recording</b> each finished episode is one folder {@code data/<i>} in Minari's Arrow
 * layout, which comes into being whole by a rename. Columns are compressed in zstd frames of a
 * fixed number of rows (pixels: one) with checksums; one frame after the other is what Arrow
 * readers take for one compressed buffer. An index of the frames stands twice between the last
 * record batch and the Arrow footer, where Arrow readers never look. So memory use does not grow
 * with the episode, any step can be read alone, and a damaged byte costs the rows of one frame,
 * which can be named.
 *
 * <p><b>When finished</b> a data set without pictures is put into {@code main_data.hdf5}, Minari's
 * HDF5 layout, with the same index behind the end of the HDF5 data and in {@code
 * main_data.hdf5.index}; spaces HDF5 cannot hold, and data sets beyond 128 MiB, stay in the Arrow
 * layout.
 *
 * <p>Differs from Minari: {@code metadata.json} has the further keys {@code umwelt_environment}
 * (the id with its keyword arguments) and {@code umwelt_observation_space} and its like, episodes
 * have {@code return}, {@code terminated}, {@code truncated} and {@code frames}; {@code
 * total_episodes} counts the episodes 0, 1, ... up to the first that is not complete, as Minari
 * needs.
 */
@NullMarked
package org.umwelt.envs.dataset;

import org.jspecify.annotations.NullMarked;
