//! Figures as bars in an SVG file, so that a person sees what data looks like.

use std::path::Path;

use plotters::prelude::*;

use crate::error::Error;
use crate::seed::FigureNow;

/// Width of the drawing and height of each figure, in pixels.
const SIZE: (u32, u32) = (960, 420);

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

/// Draws the first measure of each figure, one below the other.
pub(crate) fn write(file: &Path, figures: &[FigureNow]) -> Result<(), Error> {
    let height = SIZE.1 * u32::try_from(figures.len().max(1)).expect("figures are few");
    let cannot = |error: String| Error::Usage(format!("cannot draw {}: {error}", file.display()));
    let mut drawing = String::new();
    {
        let area = SVGBackend::with_string(&mut drawing, (SIZE.0, height)).into_drawing_area();
        area.fill(&WHITE).map_err(|error| cannot(error.to_string()))?;
        for (figure, area) in figures.iter().zip(area.split_evenly((figures.len().max(1), 1))) {
            bars(&area, figure).map_err(|error| cannot(error.to_string()))?;
        }
        area.present().map_err(|error| cannot(error.to_string()))?;
    }
    std::fs::write(file, drawing).map_err(|error| cannot(error.to_string()))
}

fn bars(
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    figure: &FigureNow,
) -> Result<(), Box<dyn std::error::Error>> {
    let values: Vec<f64> = figure.rows.iter().filter_map(|(_, numbers)| numbers.first().copied()).collect();
    let most = values.iter().copied().fold(1.0, f64::max) * 1.05;
    let mut chart = ChartBuilder::on(area)
        .caption(&figure.title, ("sans-serif", 22))
        .margin(16)
        .x_label_area_size(40)
        .y_label_area_size(64)
        // A segmented range includes its end.
        .build_cartesian_2d((0..values.len().saturating_sub(1)).into_segmented(), 0.0..most)?;
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
        .y_label_formatter(&|value| format!("{value:.0}"))
        .draw()?;
    chart.draw_series(values.iter().enumerate().map(|(at, value)| {
        let corners = [(SegmentValue::Exact(at), 0.0), (SegmentValue::Exact(at + 1), *value)];
        let mut bar = Rectangle::new(corners, RGBColor(37, 99, 165).filled());
        bar.set_margin(0, 0, 2, 2);
        bar
    }))?;
    Ok(())
}
