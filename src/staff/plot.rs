//! Plots as shapes on a grid: columns and bars of stacked pieces, and ranges of time. The template only draws them; the same numbers
//! stand in a table below.

/// The width of every plot, in units of its own.
pub const WIDTH: u32 = 720;
/// The height of the part of a column plot that holds bars.
const TALL: u32 = 200;
/// Where a plot begins from the left: the numbers of the axis stand before.
const LEFT: u32 = 36;
/// The height of the row of one range.
const ROW: u32 = 46;

/// One piece of a column.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its upper edge.
    pub y: u32,
    /// Its height.
    pub height: u32,
    /// Which of the series it shows, from 0.
    pub series: usize,
}

/// One column.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Its left edge.
    pub x: u32,
    /// What it is of.
    pub label: &'static str,
    /// The pieces, from below.
    pub pieces: Vec<Piece>,
}

/// A line across a plot with its number.
#[derive(Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it is: from above in a column plot, from the left in a plot of ranges.
    pub at: u32,
    /// What it stands for.
    pub number: u32,
}

/// Columns side by side.
#[derive(Debug, PartialEq, Eq)]
pub struct Columns {
    /// How wide each is.
    pub width: u32,
    /// Those columns.
    pub columns: Vec<Column>,
    /// The lines behind them.
    pub marks: Vec<Mark>,
}

/// Columns with a label and the numbers of its pieces, from below.
pub fn columns(labelled: &[(&'static str, Vec<usize>)]) -> Columns {
    let most = labelled.iter().map(|(_, pieces)| pieces.iter().sum()).max().unwrap_or(0);
    let (top, step) = scale(u32::try_from(most).unwrap_or(u32::MAX / TALL), 4);
    let pitch = (WIDTH - LEFT) / u32::try_from(labelled.len()).unwrap_or(1).max(1);
    let place = |number: u32| TALL - number * TALL / top;
    let column = |(index, (label, pieces)): (usize, &(&'static str, Vec<usize>))| {
        let mut below = 0;
        let pieces = pieces.iter().enumerate().map(|(series, count)| {
            let (from, to) = (place(below), place(below + u32::try_from(*count).unwrap_or(0)));
            below += u32::try_from(*count).unwrap_or(0);
            Piece { y: to, height: from - to, series }
        });
        let pieces = pieces.filter(|piece| piece.height > 0).collect();
        Column { x: LEFT + pitch * u32::try_from(index).unwrap_or(0) + pitch / 6, label, pieces }
    };
    Columns {
        width: pitch * 2 / 3,
        columns: labelled.iter().enumerate().map(column).collect(),
        marks: (0..=top / step).map(|line| Mark { at: place(line * step), number: line * step }).collect(),
    }
}

/// One piece of a bar.
#[derive(Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its left edge.
    pub x: u32,
    /// Its width.
    pub width: u32,
    /// Which of the series it shows, from 0.
    pub series: usize,
}

/// A bar.
#[derive(Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its upper edge.
    pub y: u32,
    /// What it is of.
    pub label: String,
    /// The pieces, from the left.
    pub pieces: Vec<Stretch>,
}

/// Bars below each other, above one axis.
#[derive(Debug, PartialEq, Eq)]
pub struct Bars {
    /// Those bars.
    pub bars: Vec<Bar>,
    /// The numbers of the axis.
    pub marks: Vec<Mark>,
    /// How high the plot is without the numbers of its axis.
    pub height: u32,
}

/// Bars with a label and the numbers of their pieces, from the left.
pub fn bars(labelled: &[(String, Vec<usize>)]) -> Bars {
    let most = labelled.iter().map(|(_, pieces)| pieces.iter().sum()).max().unwrap_or(0);
    let (end, step) = scale(u32::try_from(most).unwrap_or(u32::MAX / WIDTH), 6);
    let place = |number: u32| LEFT / 3 + number.min(end) * (WIDTH - LEFT) / end;
    let bar = |(index, (label, pieces)): (usize, &(String, Vec<usize>))| {
        let mut before = 0;
        let pieces = pieces.iter().enumerate().map(|(series, count)| {
            let (from, to) = (place(before), place(before + u32::try_from(*count).unwrap_or(0)));
            before += u32::try_from(*count).unwrap_or(0);
            Stretch { x: from, width: to - from, series }
        });
        let pieces = pieces.filter(|piece| piece.width > 0).collect();
        Bar { y: ROW * u32::try_from(index).unwrap_or(0) + 24, label: label.clone(), pieces }
    };
    Bars {
        bars: labelled.iter().enumerate().map(bar).collect(),
        marks: (0..=end / step).map(|line| Mark { at: place(line * step), number: line * step }).collect(),
        height: ROW * u32::try_from(labelled.len()).unwrap_or(0),
    }
}

/// A range with its middle.
#[derive(Debug, PartialEq, Eq)]
pub struct Range {
    /// Where its line is, from above.
    pub y: u32,
    /// What it is of.
    pub label: String,
    /// Where it begins, where its middle is, and where it ends; nothing when nothing is known.
    pub ends: Option<[u32; 3]>,
}

/// Ranges of days below each other, above one axis.
#[derive(Debug, PartialEq, Eq)]
pub struct Ranges {
    /// Those ranges.
    pub ranges: Vec<Range>,
    /// The days of the axis.
    pub marks: Vec<Mark>,
    /// The part of the axis that is as promised: its beginning and its width.
    pub promised: (u32, u32),
    /// How high the plot is without the numbers of its axis.
    pub height: u32,
}

/// Ranges with a label and their shortest, middle and longest days; `promised` from so many days to so many.
pub fn ranges(labelled: &[(String, Option<[u32; 3]>)], promised: (u32, u32)) -> Ranges {
    let longest = labelled.iter().filter_map(|(_, days)| days.map(|[_, _, most]| most)).max().unwrap_or(0);
    let (end, step) = scale(longest.max(promised.1), 6);
    let place = |days: u32| LEFT / 3 + days.min(end) * (WIDTH - LEFT) / end;
    let range = |(index, (label, days)): (usize, &(String, Option<[u32; 3]>))| Range {
        y: ROW * u32::try_from(index).unwrap_or(0) + 32,
        label: label.clone(),
        ends: days.map(|days| days.map(place)),
    };
    Ranges {
        ranges: labelled.iter().enumerate().map(range).collect(),
        marks: (0..=end / step).map(|line| Mark { at: place(line * step), number: line * step }).collect(),
        promised: (place(promised.0), place(promised.1) - place(promised.0)),
        height: ROW * u32::try_from(labelled.len()).unwrap_or(0),
    }
}

/// The end of an axis that reaches `most` in at most `lines` steps of 1, 2, 5, 10, 20 …, and the step.
fn scale(most: u32, lines: u32) -> (u32, u32) {
    let mut steps = (0..8).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u32.pow(power)));
    let step = steps.find(|step| most.div_ceil(*step) <= lines).unwrap_or(100_000_000);
    (step * most.div_ceil(step).max(1), step)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pieces_stand_on_each_other_and_nothing_has_none() {
        let plot = columns(&[("Jan", vec![2, 0, 1]), ("Feb", vec![0, 0, 0])]);
        assert_eq!(plot.marks.iter().map(|mark| mark.number).collect::<Vec<_>>(), [0, 1, 2, 3]);
        let january: Vec<_> = plot.columns[0].pieces.iter().map(|one| (one.y, one.height, one.series)).collect();
        assert_eq!(january, [(67, 133, 0), (0, 67, 2)]);
        assert!(plot.columns[1].pieces.is_empty());
    }

    #[test]
    fn pieces_of_a_bar_follow_each_other() {
        let plot = bars(&[("Oxford".to_owned(), vec![1, 0, 3]), ("Yale".to_owned(), vec![])]);
        let oxford: Vec<_> = plot.bars[0].pieces.iter().map(|one| (one.x, one.width, one.series)).collect();
        assert_eq!(oxford, [(12, 171, 0), (183, 513, 2)]);
        assert!(plot.bars[1].pieces.is_empty() && plot.marks.last().unwrap().number == 4);
    }

    #[test]
    fn an_axis_ends_at_a_round_number_that_holds_everything() {
        assert_eq!([scale(0, 4), scale(3, 4), scale(9, 4), scale(41, 4)], [(1, 1), (3, 1), (10, 5), (60, 20)]);
        let plot = ranges(&[("Whole".into(), Some([3, 12, 33])), ("None".into(), None)], (14, 28));
        assert_eq!(plot.marks.last().map(|mark| mark.number), Some(40));
        assert_eq!((plot.ranges[1].ends, plot.height), (None, 92));
    }

    proptest! {
        #[test]
        fn nothing_leaves_the_plot(counts in proptest::collection::vec(proptest::collection::vec(0_usize..5_000, 4), 12), days in 0_u32..3_000) {
            let labelled: Vec<_> = counts.into_iter().map(|pieces| ("M", pieces)).collect();
            let plot = columns(&labelled);
            for column in &plot.columns {
                prop_assert!(column.x + plot.width <= WIDTH);
                prop_assert!(column.pieces.iter().all(|piece| piece.y + piece.height <= TALL));
            }
            let plot = bars(&labelled.iter().map(|(label, pieces)| ((*label).to_owned(), pieces.clone())).collect::<Vec<_>>());
            for bar in &plot.bars {
                prop_assert!(bar.pieces.iter().all(|piece| piece.x + piece.width <= WIDTH));
                prop_assert!(bar.y < plot.height);
            }
            let plot = ranges(&[("Way".into(), Some([0, days / 2, days]))], (14, 28));
            prop_assert!(plot.ranges[0].ends.unwrap()[2] <= WIDTH);
        }
    }
}
