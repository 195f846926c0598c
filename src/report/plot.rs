//! Figures as an SVG file, so that a person sees what data looks like.

use std::path::Path;

use catalog::thousands;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use seeder::{Measure, Style};

use crate::error::Error;
use crate::seed::{FigureNow, PlotNow};

/// Width of the drawing and height of each figure, in pixels.
const SIZE: (u32, u32) = (960, 420);

/// The colours of a figure's lines; the first is that of bars.
const COLOURS: [RGBColor; 3] = [RGBColor(37, 99, 165), RGBColor(214, 120, 36), RGBColor(90, 140, 70)];

/// The colour behind labels that a measure of yes and no marks.
const SHADE: RGBColor = RGBColor(250, 224, 160);

/// What is left free at each side, in pixels.
const MARGIN: i32 = 16;

/// The width of the vertical axis with its labels and the height of the horizontal one, in pixels.
const AXES: (u32, u32) = (80, 52);

/// The height of the line that holds a legend, and the width of a sign in it, in pixels.
const LEGEND: (i32, i32) = (24, 18);

/// The longest title: a letter of 22 pixels is about half as wide.
const MOST_LETTERS: usize = 84;

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

/// Draws the plots, each in its style, one below the other.
pub(crate) fn write(file: &Path, plots: &[PlotNow]) -> Result<(), Error> {
    if plots.iter().all(|plot| plot.figure.rows.is_empty()) {
        tracing::warn!("{} is not drawn: there are no rows", file.display());
        return Ok(());
    }
    let cannot = |error: String| Error::Usage(format!("cannot draw {}: {error}", file.display()));
    let drawing = drawing(plots).map_err(|error| cannot(error.to_string()))?;
    std::fs::write(file, drawing).map_err(|error| cannot(error.to_string()))
}

fn drawing(plots: &[PlotNow]) -> Result<String, Box<dyn std::error::Error>> {
    let height = SIZE.1 * u32::try_from(plots.len()).expect("plots are few");
    let mut drawing = String::new();
    {
        let area = SVGBackend::with_string(&mut drawing, (SIZE.0, height)).into_drawing_area();
        area.fill(&WHITE)?;
        for (plot, area) in plots.iter().zip(area.split_evenly((plots.len(), 1))) {
            let area = area.margin(12, 12, MARGIN, MARGIN).titled(&cut(&plot.figure.title), ("sans-serif", 22))?;
            match plot.style {
                Style::Bars => bars(&area, plot),
                Style::Lines => lines(&area, plot),
            }?;
        }
        area.present()?;
    }
    Ok(drawing)
}

/// A title that is no wider than the drawing.
fn cut(title: &str) -> String {
    match title.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", &title[..end]),
        None => title.to_owned(),
    }
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

fn bars(area: &Area<'_>, PlotNow { figure, unit, .. }: &PlotNow) -> Drawn {
    let values = values(figure, 0);
    let mut chart = ChartBuilder::on(area)
        .x_label_area_size(AXES.1)
        .y_label_area_size(AXES.0)
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
        .axis_desc_style(("sans-serif", 14))
        .x_labels(values.len().min(12))
        .x_desc(&figure.label)
        .x_label_formatter(&label)
        .y_desc(*unit)
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

/// A line a measure, and a shade behind the labels that a measure of yes and no marks; above them, where it covers
/// nothing, what each is.
fn lines(area: &Area<'_>, PlotNow { figure, unit, .. }: &PlotNow) -> Drawn {
    let is_flag = |measure: &usize| figure.kinds.get(*measure) == Some(&Measure::Flag);
    let (flags, numbers): (Vec<usize>, Vec<usize>) = (0..figure.measures.len()).partition(is_flag);
    let coloured: Vec<(usize, RGBColor)> = numbers.iter().copied().zip(COLOURS.into_iter().cycle()).collect();
    let area = if figure.measures.len() > 1 {
        let (top, rest) = area.split_vertically(LEGEND.0);
        legend(&top, figure, &coloured, &flags)?;
        rest
    } else {
        area.clone()
    };
    let most = above(&numbers.iter().flat_map(|measure| values(figure, *measure)).collect::<Vec<f64>>());
    let mut chart = ChartBuilder::on(&area)
        .x_label_area_size(AXES.1)
        .y_label_area_size(AXES.0)
        .build_cartesian_2d(0..figure.rows.len().max(1), 0.0..most)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.15))
        .axis_desc_style(("sans-serif", 14))
        .x_labels(12)
        .x_desc(&figure.label)
        .x_label_formatter(&|at| figure.rows.get(*at).map(|(label, _)| label.clone()).unwrap_or_default())
        .y_desc(*unit)
        .y_label_formatter(&|value| whole(*value))
        .draw()?;
    for measure in flags {
        let marked = values(figure, measure).into_iter().enumerate().filter(|(_, flag)| *flag > 0.0);
        chart.draw_series(marked.map(|(at, _)| Rectangle::new([(at, 0.0), (at + 1, most)], SHADE.filled())))?;
    }
    for (measure, colour) in coloured {
        let line = values(figure, measure).into_iter().enumerate().collect::<Vec<_>>();
        chart.draw_series([PathElement::new(line, colour)])?;
    }
    Ok(())
}

/// Draws a sign and a name a measure, from the left to the right.
fn legend(area: &Area<'_>, figure: &FigureNow, coloured: &[(usize, RGBColor)], flags: &[usize]) -> Drawn {
    let style = TextStyle::from(("sans-serif", 14)).pos(Pos::new(HPos::Left, VPos::Center));
    let (middle, wide) = (LEGEND.0 / 2, LEGEND.1);
    let mut left = i32::try_from(AXES.0)?;
    let lines = coloured.iter().map(|(measure, colour)| (*measure, Some(*colour)));
    for (measure, colour) in lines.chain(flags.iter().map(|measure| (*measure, None))) {
        if let Some(colour) = colour {
            let line = [(left, middle), (left + wide, middle)];
            area.draw(&PathElement::new(line, colour.stroke_width(2)))?;
        } else {
            area.draw(&Rectangle::new([(left, middle - 6), (left + wide, middle + 6)], SHADE.filled()))?;
        }
        let name = figure.measures[measure].replace('_', " ");
        let width = area.estimate_text_size(&name, &style)?.0;
        area.draw(&Text::new(name, (left + wide + 6, middle), style.clone()))?;
        left += wide + i32::try_from(width)? + 30;
    }
    Ok(())
}
