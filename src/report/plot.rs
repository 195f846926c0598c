//! Figures as an SVG file, so that a person sees what data looks like.

use std::path::Path;

use catalog::thousands;
use plotters::coord::Shift;
use plotters::prelude::*;
use seeder::{Measure, Style};

use crate::error::Error;
use crate::seed::FigureNow;

/// Width of the drawing and height of each figure, in pixels.
const SIZE: (u32, u32) = (960, 420);

/// The colours of a figure's lines; the first is that of bars.
const COLOURS: [RGBColor; 3] = [RGBColor(37, 99, 165), RGBColor(214, 120, 36), RGBColor(90, 140, 70)];

/// The colour behind labels that a measure of yes and no marks.
const SHADE: RGBColor = RGBColor(250, 224, 160);

/// How much higher a figure is that has a legend above its lines.
const LEGEND: f64 = 1.3;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Refuses a file that cannot become a drawing, before anything else is done.
pub(crate) fn refuse_unwritable(file: &Path) -> Result<(), Error> {
    if file.extension().is_none_or(|extension| extension != "svg") {
        return Err(Error::Usage(format!("--plot draws SVG; name a file that ends in .svg, not {}", file.display())));
    }
    match file.parent() {
        Some(folder) if folder != Path::new("") && !folder.is_dir() => {
            Err(Error::Usage(format!("cannot draw {}: there is no folder {}", file.display(), folder.display())))
        }
        _ => Ok(()),
    }
}

/// Draws the figures, each in its style, one below the other.
pub(crate) fn write(file: &Path, figures: &[(FigureNow, Style)]) -> Result<(), Error> {
    if figures.iter().all(|(figure, _)| figure.rows.is_empty()) {
        tracing::warn!("{} is not drawn: there are no rows", file.display());
        return Ok(());
    }
    let height = SIZE.1 * u32::try_from(figures.len().max(1)).expect("figures are few");
    let cannot = |error: String| Error::Usage(format!("cannot draw {}: {error}", file.display()));
    let mut drawing = String::new();
    {
        let area = SVGBackend::with_string(&mut drawing, (SIZE.0, height)).into_drawing_area();
        area.fill(&WHITE).map_err(|error| cannot(error.to_string()))?;
        for ((figure, style), area) in figures.iter().zip(area.split_evenly((figures.len().max(1), 1))) {
            let drawn = match style {
                Style::Bars => bars(&area, figure),
                Style::Lines => lines(&area, figure),
            };
            drawn.map_err(|error| cannot(error.to_string()))?;
        }
        area.present().map_err(|error| cannot(error.to_string()))?;
    }
    std::fs::write(file, drawing).map_err(|error| cannot(error.to_string()))
}

/// The numbers of one measure, label by label.
fn values(figure: &FigureNow, measure: usize) -> Vec<f64> {
    figure.rows.iter().filter_map(|(_, numbers)| numbers.get(measure).copied()).collect()
}

/// A number of the vertical axis, which has no part below zero.
fn whole(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float's cast saturates")]
    let whole = value.round() as u64;
    thousands(whole)
}

/// A little above the greatest number, so that nothing touches the frame.
fn above(values: &[f64]) -> f64 {
    values.iter().copied().fold(1.0, f64::max) * 1.05
}

fn bars(area: &Area<'_>, figure: &FigureNow) -> Drawn {
    let values = values(figure, 0);
    let mut chart = ChartBuilder::on(area)
        .caption(&figure.title, ("sans-serif", 22))
        .margin(16)
        .x_label_area_size(40)
        .y_label_area_size(72)
        // A segmented range includes its end.
        .build_cartesian_2d((0..values.len().saturating_sub(1).max(1)).into_segmented(), 0.0..above(&values))?;
    let label = |segment: &SegmentValue<usize>| match segment {
        SegmentValue::CenterOf(at) => figure.rows.get(*at).map(|(label, _)| label.clone()).unwrap_or_default(),
        _ => String::new(),
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.15))
        .x_labels(values.len().min(12))
        .x_label_formatter(&label)
        .y_desc(figure.measures.first().map(String::as_str).unwrap_or_default())
        .y_label_formatter(&|value| whole(*value))
        .draw()?;
    chart.draw_series(values.iter().enumerate().map(|(at, value)| {
        let corners = [(SegmentValue::Exact(at), 0.0), (SegmentValue::Exact(at + 1), *value)];
        let mut bar = Rectangle::new(corners, COLOURS[0].filled());
        bar.set_margin(0, 0, 2, 2);
        bar
    }))?;
    Ok(())
}

/// A line a measure, and a shade behind the labels that a measure of yes and no marks.
fn lines(area: &Area<'_>, figure: &FigureNow) -> Drawn {
    let is_flag = |measure: &usize| figure.kinds.get(*measure) == Some(&Measure::Flag);
    let (flags, numbers): (Vec<usize>, Vec<usize>) = (0..figure.measures.len()).partition(is_flag);
    let has_legend = figure.measures.len() > 1;
    let most = above(&numbers.iter().flat_map(|measure| values(figure, *measure)).collect::<Vec<f64>>());
    let most = if has_legend { most * LEGEND } else { most };
    let mut chart = ChartBuilder::on(area)
        .caption(&figure.title, ("sans-serif", 22))
        .margin(16)
        .x_label_area_size(40)
        .y_label_area_size(72)
        .build_cartesian_2d(0..figure.rows.len().max(1), 0.0..most)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.15))
        .x_labels(12)
        .x_label_formatter(&|at| figure.rows.get(*at).map(|(label, _)| label.clone()).unwrap_or_default())
        .y_label_formatter(&|value| whole(*value))
        .draw()?;
    for measure in flags {
        let marked = values(figure, measure).into_iter().enumerate().filter(|(_, flag)| *flag > 0.0);
        let shade = marked.map(|(at, _)| Rectangle::new([(at, 0.0), (at + 1, most)], SHADE.filled()));
        chart
            .draw_series(shade)?
            .label(&figure.measures[measure])
            .legend(|(x, y)| Rectangle::new([(x, y - 5), (x + 16, y + 5)], SHADE.filled()));
    }
    for (measure, colour) in numbers.iter().zip(COLOURS.iter().cycle()) {
        chart
            .draw_series([PathElement::new(
                values(figure, *measure).into_iter().enumerate().collect::<Vec<_>>(),
                colour,
            )])?
            .label(&figure.measures[*measure])
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour));
    }
    if has_legend {
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .background_style(WHITE.mix(0.8))
            .draw()?;
    }
    Ok(())
}
