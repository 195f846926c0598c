//! Days that are not like others: the federal holidays of the United States and those of its shops,
//! as rules and not as lists of dates.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A holiday.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holiday {
    /// Its name.
    pub name: &'static str,
    /// What a shop sells on it, as a multiple of an ordinary day.
    pub multiplier: f64,
    rule: Rule,
}

/// When a holiday is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    /// On a day of a month.
    On(u32, u32),
    /// On the nth of a weekday in a month.
    Nth(u8, Weekday, u32),
    /// On the last of a weekday in a month.
    Last(Weekday, u32),
    /// So many days after Thanksgiving.
    AfterThanksgiving(u64),
}

/// Every holiday, in the order of the year; no two ever share a day.
pub const HOLIDAYS: &[Holiday] = &[
    Holiday { name: "New Year's Day", multiplier: 0.8, rule: Rule::On(1, 1) },
    Holiday { name: "Martin Luther King Jr. Day", multiplier: 1.0, rule: Rule::Nth(3, Weekday::Mon, 1) },
    Holiday { name: "Washington's Birthday", multiplier: 1.05, rule: Rule::Nth(3, Weekday::Mon, 2) },
    Holiday { name: "Memorial Day", multiplier: 1.1, rule: Rule::Last(Weekday::Mon, 5) },
    Holiday { name: "Juneteenth", multiplier: 1.0, rule: Rule::On(6, 19) },
    Holiday { name: "Independence Day", multiplier: 1.2, rule: Rule::On(7, 4) },
    Holiday { name: "Labor Day", multiplier: 1.1, rule: Rule::Nth(1, Weekday::Mon, 9) },
    Holiday { name: "Columbus Day", multiplier: 1.0, rule: Rule::Nth(2, Weekday::Mon, 10) },
    Holiday { name: "Veterans Day", multiplier: 1.05, rule: Rule::On(11, 11) },
    Holiday { name: "Thanksgiving", multiplier: 1.3, rule: Rule::Nth(4, Weekday::Thu, 11) },
    Holiday { name: "Black Friday", multiplier: 1.8, rule: Rule::AfterThanksgiving(1) },
    Holiday { name: "Cyber Monday", multiplier: 1.3, rule: Rule::AfterThanksgiving(4) },
    Holiday { name: "Christmas Eve", multiplier: 1.4, rule: Rule::On(12, 24) },
    Holiday { name: "Christmas Day", multiplier: 0.3, rule: Rule::On(12, 25) },
];

/// The holiday that `day` is, if it is one.
pub fn holiday(day: NaiveDate) -> Option<&'static Holiday> {
    HOLIDAYS.iter().find(|holiday| holiday.rule.is(day))
}

impl Rule {
    fn is(self, day: NaiveDate) -> bool {
        match self {
            Self::On(month, of_month) => (day.month(), day.day()) == (month, of_month),
            Self::Nth(nth, weekday, month) => {
                day.weekday() == weekday && day.month() == month && day.day0() / 7 + 1 == u32::from(nth)
            }
            Self::Last(weekday, month) => {
                day.weekday() == weekday && day.month() == month && (day + Days::new(7)).month() != month
            }
            Self::AfterThanksgiving(days) => {
                day.checked_sub_days(Days::new(days)).is_some_and(|day| Self::Nth(4, Weekday::Thu, 11).is(day))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{HOLIDAYS, holiday};

    fn names_of(year: i32) -> Vec<(String, &'static str)> {
        let days = NaiveDate::from_ymd_opt(year, 1, 1)
            .unwrap()
            .iter_days()
            .take_while(|day| day.to_string()[..4] == year.to_string());
        days.filter_map(|day| Some((day.format("%m-%d").to_string(), holiday(day)?.name))).collect()
    }

    #[test]
    fn the_holidays_of_2024_are_those_of_the_published_calendar() {
        let days: Vec<String> = names_of(2024).into_iter().map(|(day, _)| day).collect();
        let published = "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 11-29 12-02 12-24 12-25";
        assert_eq!(days.join(" "), published);
    }

    #[test]
    fn cyber_monday_follows_into_december_and_a_month_of_five_mondays_has_its_last() {
        assert!(names_of(2025).contains(&("12-01".to_owned(), "Cyber Monday")));
        assert!(names_of(2021).contains(&("05-31".to_owned(), "Memorial Day")));
        assert!(names_of(2022).contains(&("05-30".to_owned(), "Memorial Day")));
    }

    #[test]
    fn every_year_has_every_holiday_once_in_order() {
        for year in 1900..2100 {
            let names: Vec<&str> = names_of(year).into_iter().map(|(_, name)| name).collect();
            let all: Vec<&str> = HOLIDAYS.iter().map(|holiday| holiday.name).collect();
            assert_eq!(names, all, "{year}");
        }
    }
}
