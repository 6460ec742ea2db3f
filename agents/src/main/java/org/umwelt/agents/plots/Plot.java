package org.umwelt.agents.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.umwelt.kernels.files.AtomicFile;

/** A plot of curves and points with error bars, written as PNG. Not thread-safe. */
public final class Plot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final String FONT = Font.SANS_SERIF;
  private static final float LINE = 1.4f;
  private static final int MARKER = 7;
  private static final int PALE = 48; // of 255
  private static final int TICKS = 110; // pixels from one label of the horizontal axis to the next
  // Okabe and Ito's colours, which colour-blind people can tell apart.
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0xE69F00),
          new Color(0x56B4E9),
          new Color(0x444444));

  private final XYChart chart;
  private boolean logarithmic;
  private int curves;

  /** Starts an empty plot. */
  public Plot(String title, String x, String y) {
    chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    var style = chart.getStyler();
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(new Color(0xE4E4E4));
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setAxisTickMarksColor(new Color(0x888888));
    style.setChartTitleFont(new Font(FONT, Font.BOLD, 17));
    style.setAxisTitleFont(new Font(FONT, Font.PLAIN, 15));
    style.setAxisTickLabelsFont(new Font(FONT, Font.PLAIN, 13));
    style.setLegendFont(new Font(FONT, Font.PLAIN, 13));
    style.setLegendPosition(LegendPosition.OutsideS);
    style.setLegendLayout(LegendLayout.Horizontal);
    style.setLegendBorderColor(new Color(0xE4E4E4));
    style.setChartPadding(14);
    style.setErrorBarsColorSeriesColor(true);
    style.setSeriesColors(COLOURS.toArray(Color[]::new));
    style.setMarkerSize(MARKER);
    style.setXAxisTickMarkSpacingHint(TICKS);
    style.setAntiAlias(true);
    style.setAxisTitlePadding(10);
  }

  /** Makes the vertical axis logarithmic; what is not positive is left out from then on. */
  public Plot logarithmic() {
    logarithmic = true;
    chart.getStyler().setYAxisLogarithmic(true).setYAxisLogarithmicDecadeOnly(false);
    return this;
  }

  /** Sets where the horizontal axis begins and ends: round numbers give round labels. */
  public Plot between(double from, double to) {
    chart.getStyler().setXAxisMin(from).setXAxisMax(to);
    return this;
  }

  /** Makes the horizontal axis logarithmic. */
  public Plot logarithmicX() {
    chart.getStyler().setXAxisLogarithmic(true).setXAxisLogarithmicDecadeOnly(false);
    return this;
  }

  /** Adds a curve. */
  public Plot curve(String name, double[] x, double[] y) {
    return add(name, x, y, new double[0], SeriesMarkers.NONE, LINE);
  }

  /** Adds points with their standard errors; they are joined by thin lines. */
  public Plot points(String name, double[] x, double[] y, double[] errors) {
    return add(name, x, y, errors, SeriesMarkers.CIRCLE, 1);
  }

  /** Adds a curve with a band around it, of a paler shade of the same colour. */
  public Plot curve(String name, double[] x, double[] y, double[] low, double[] high) {
    Color colour = COLOURS.get(curves++ % COLOURS.size());
    XYSeries line = chart.addSeries(name, x, y);
    line.setLineColor(colour);
    line.setLineWidth(LINE);
    line.setMarker(SeriesMarkers.NONE);
    double[] around = new double[2 * x.length];
    double[] edge = new double[2 * x.length];
    for (int i = 0; i < x.length; i++) {
      around[i] = x[i];
      edge[i] = low[i];
      around[2 * x.length - 1 - i] = x[i];
      edge[2 * x.length - 1 - i] = high[i];
    }
    XYSeries band = chart.addSeries(name + " band", around, edge);
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), PALE));
    band.setLineColor(new Color(0, true));
    band.setMarker(SeriesMarkers.NONE);
    band.setShowInLegend(false);
    return this;
  }

  private Plot add(
      String name, double[] x, double[] y, double[] errors, Marker marker, float width) {
    int[] shown = IntStream.range(0, x.length).filter(i -> isShown(y, errors, i)).toArray();
    if (shown.length == 0) {
      return this;
    }
    curves++;
    XYSeries series =
        errors.length == 0
            ? chart.addSeries(name, pick(x, shown), pick(y, shown))
            : chart.addSeries(name, pick(x, shown), pick(y, shown), pick(errors, shown));
    series.setMarker(marker);
    series.setLineWidth(width);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    return this;
  }

  /** On a logarithmic axis a bar that reaches 0 has no lower end. */
  private boolean isShown(double[] y, double[] errors, int i) {
    double error = errors.length == 0 ? 0 : errors[i];
    return Double.isFinite(y[i]) && Double.isFinite(error) && (!logarithmic || y[i] - error > 0);
  }

  private static double[] pick(double[] values, int[] shown) {
    return Arrays.stream(shown).mapToDouble(i -> values[i]).toArray();
  }

  /** Hides the legend, for plots of one series. */
  public Plot withoutLegend() {
    chart.getStyler().setLegendVisible(false);
    return this;
  }

  /** Writes it, in place of a file that may be there. A plot without a series is not written. */
  public void write(Path png) throws IOException {
    if (!chart.getSeriesCollection().isEmpty()) {
      AtomicFile.write(png, png());
    }
  }

  /** Returns it as the bytes of a PNG file. */
  public byte[] png() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", bytes);
    return bytes.toByteArray();
  }
}
