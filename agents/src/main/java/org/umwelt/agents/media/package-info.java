/**
 * Recorded episodes as pictures, films and tables: PNG, contact sheets, GIF, MP4, WebM, CSV.
 *
 * <p>Pixels stay as they were seen: frames are only ever enlarged by whole factors. Films are
 * encoded in this process by FFmpeg's libraries, so that no program and no sound or window library
 * has to be installed. Captions are drawn from a picture of glyphs (DejaVu Sans Mono, 95 ASCII
 * characters), so that no font has to be installed and a sheet looks the same everywhere.
 */
@NullMarked
package org.umwelt.agents.media;

import org.jspecify.annotations.NullMarked;
