//! Ids and closed lists as text columns, on either database.

use diesel::backend::Backend;
use diesel::deserialize::{FromSql, Queryable, Result as FromResult};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::serialize::{Output, Result as ToResult, ToSql};
use diesel::sql_types::{Nullable, Text};

macro_rules! as_text {
    ($($name:ty),+ $(,)?) => {$(
        impl<DB: Backend> ToSql<Text, DB> for $name
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> ToResult {
                <str as ToSql<Text, DB>>::to_sql(self.as_str(), out)
            }
        }

        impl<DB: Backend> ToSql<Nullable<Text>, DB> for $name
        where
            $name: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> ToResult {
                <$name as ToSql<Text, DB>>::to_sql(self, out)
            }
        }

        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(raw: DB::RawValue<'_>) -> FromResult<Self> {
                Ok(<String as FromSql<Text, DB>>::from_sql(raw)?.parse()?)
            }
        }

        impl<DB: Backend> Queryable<Text, DB> for $name
        where
            $name: FromSql<Text, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> FromResult<Self> {
                Ok(row)
            }
        }

        impl AsExpression<Text> for $name {
            type Expression = Bound<Text, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'e> AsExpression<Text> for &'e $name {
            type Expression = Bound<Text, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl AsExpression<Nullable<Text>> for $name {
            type Expression = Bound<Nullable<Text>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }

        impl<'e> AsExpression<Nullable<Text>> for &'e $name {
            type Expression = Bound<Nullable<Text>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
    )+};
}

as_text!(
    crate::ids::AssignmentId,
    crate::ids::AttemptId,
    crate::ids::BallotId,
    crate::ids::ConflictId,
    crate::ids::DecisionId,
    crate::ids::EntryId,
    crate::ids::InstitutionId,
    crate::ids::InviteId,
    crate::ids::LetterId,
    crate::ids::MailId,
    crate::ids::MembershipId,
    crate::ids::MotionId,
    crate::ids::ObjectionId,
    crate::ids::PersonId,
    crate::ids::QuestionId,
    crate::ids::RequestId,
    crate::ids::ReviewId,
    crate::ids::RoleId,
    crate::ids::SeatHolderId,
    crate::ids::SeatId,
    crate::ids::SessionId,
    crate::workflow::stage::Answer,
    crate::workflow::stage::StageName,
);
